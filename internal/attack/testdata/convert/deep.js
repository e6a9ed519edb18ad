// attack: deeper than Go should recurse
// expect: stack
// run: export
let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a;
