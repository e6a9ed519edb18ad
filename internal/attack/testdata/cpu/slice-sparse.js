// attack: copies an array of four billion holes
// expect: interrupted
const a = []; a.length = 2 ** 32 - 1; a.slice(1);
