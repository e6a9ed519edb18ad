// attack: a start index whose conversion empties the array
// expect: value -1
const a = Array(1000).fill({}); a.indexOf({}, { valueOf() { a.length = 0; return 0; } });
