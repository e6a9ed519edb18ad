// attack: thirty levels of two references each
// expect: interrupted
// expect: error Error /console limit/
let a = {}; for (let i = 0; i < 30; i++) a = { a, b: a }; for (;;) console.dir(a, { depth: Infinity });
