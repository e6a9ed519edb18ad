// attack: a comparator takes the buffer that is being sorted
// expect: value 0
const a = new Float64Array(1000).map((_, i) => -i); a.sort((x, y) => { a.buffer.byteLength && a.buffer.transfer(); return x - y; }); a.length;
