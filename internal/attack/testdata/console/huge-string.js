// attack: prints a rope of half a gigabyte
// expect: memory
let s = 'x'; for (let i = 0; i < 29; i++) s += s; console.log(s);
