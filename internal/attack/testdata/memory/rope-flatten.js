// attack: half a gigabyte of string costs nothing until somebody reads it
// expect: memory
let s = 'x'; for (let i = 0; i < 29; i++) s += s;
s.charCodeAt(1);
