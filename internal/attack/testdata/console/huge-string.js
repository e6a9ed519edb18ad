// attack: prints a rope of half a gigabyte
// expect: value undefined
let s = 'x'; for (let i = 0; i < 29; i++) s += s; console.log(s);
