// attack: thirty levels of two references each
// expect: interrupted
let a = {}; for (let i = 0; i < 30; i++) a = { a, b: a }; for (;;) console.dir(a, { depth: Infinity });
