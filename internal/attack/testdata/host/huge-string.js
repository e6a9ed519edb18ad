// attack: a rope of half a gigabyte as an argument
// expect: memory
let s = 'x'; for (let i = 0; i < 29; i++) s += s; host.size(s);
