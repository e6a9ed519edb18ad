// attack: an error with fifty thousand causes for Go to walk
// expect: error Error /top/
let e = new Error; for (let i = 0; i < 5e4; i++) e = new Error('x', { cause: e }); throw new Error('top', { cause: e });
