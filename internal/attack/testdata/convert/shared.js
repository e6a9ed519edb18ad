// attack: a hundred levels of two references each
// expect: value slice of 2
// run: export
let a = []; for (let i = 0; i < 100; i++) a = [a, a]; a;
