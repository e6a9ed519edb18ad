// attack: an error with a hundred thousand causes for Go to walk
// expect: error Error /top/
let e = new Error; for (let i = 0; i < 1e5; i++) e = new Error('x', { cause: e }); throw new Error('top', { cause: e });
