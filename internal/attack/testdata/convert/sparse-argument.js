// attack: the same as an argument
// expect: convert /holes/
const a = []; a.length = 2 ** 32 - 1; host.any(a);
