// attack: concat spreads an object that says it is long
// expect: interrupted
[].concat({ length: 2 ** 53 - 1, [Symbol.isConcatSpreadable]: true });
