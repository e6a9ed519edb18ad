// attack: one call of a built-in walks 2^53 absent elements
// expect: interrupted
[].includes.call({ length: 2 ** 53 - 1 }, 1);
