// attack: swaps holes with holes
// expect: interrupted
[].reverse.call({ length: 2 ** 53 - 1 });
