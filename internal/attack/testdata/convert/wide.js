// attack: a million elements
// expect: value slice of 1000000
// expect: memory
// run: export
Array(1e6).fill(1);
