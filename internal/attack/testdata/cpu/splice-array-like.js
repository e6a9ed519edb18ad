// attack: makes room in the middle of nothing
// expect: interrupted
[].splice.call({ length: 2 ** 53 - 2 }, 0, 0, 1);
