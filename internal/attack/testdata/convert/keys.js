// attack: an object of many long keys
// expect: value map of 20000
// run: export
const o = {}; for (let i = 0; i < 2e4; i++) o['k'.repeat(500) + i] = i; o;
