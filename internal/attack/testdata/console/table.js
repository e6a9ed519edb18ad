// attack: a table with a column for each of its rows
// expect: value undefined
// expect: interrupted
console.table(Array.from({ length: 1000 }, (_, i) => ({ ['c' + i]: i })));
