// attack: an array that says four billion and has one
// expect: convert /holes/
// run: export
const a = []; a[2 ** 32 - 2] = 1; a;
