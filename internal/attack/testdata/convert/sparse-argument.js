// attack: the same as an argument
// expect: error RangeError /holes/
const a = []; a.length = 2 ** 32 - 1; host.any(a);
