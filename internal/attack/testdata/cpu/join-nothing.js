// attack: joins 2^32 absent elements without a separator: no memory is used
// expect: interrupted
[].join.call({ length: 2 ** 32 - 1 }, '');
