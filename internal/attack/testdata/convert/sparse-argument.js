// attack: the same as an argument
// expect: error TypeError
// expect: memory
const a = []; a.length = 2 ** 32 - 1; host.any(a);
