// attack: copies holes over holes
// expect: interrupted
[].copyWithin.call({ length: 2 ** 53 - 1 }, 0, 1);
