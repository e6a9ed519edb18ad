// attack: elements whose conversion frees the others
// expect: value ok
const a = Array.from({ length: 300 }, (_, i) => ({ toString() { a.length = 0; a.fill(0); return 'x' + i % 7; } })); a.sort(); 'ok';
