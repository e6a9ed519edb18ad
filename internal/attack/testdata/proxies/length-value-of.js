// attack: a length whose conversion changes the length
// expect: value 3
const a = [1, 2, 3]; const l = { valueOf() { a.length = 3; a.push(4); return 3; } }; a.length = l; a.length;
