// attack: instanceof walks a long chain in one operation
// expect: interrupted
let o = Object.create(null); for (let i = 0; i < 1e5; i++) o = Object.create(o);
for (;;) o instanceof Array;
