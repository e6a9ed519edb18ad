// attack: calls a native callback, which is no script code, 2^53 times
// expect: interrupted
[].findLastIndex.call({ length: 2 ** 53 - 1 }, Boolean);
