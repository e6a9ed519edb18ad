// attack: flattens 2^53 holes
// expect: interrupted
[].flat.call({ length: 2 ** 53 - 1 });
