// attack: a comparator that empties the array that is being sorted
// expect: value 0,1000
const a = Array.from({ length: 1000 }, (_, i) => -i), b = [...a]; a.sort((x, y) => { a.length = 0; a.push(1); return x - y; }); `${a.length && 0},${b.length}`;
