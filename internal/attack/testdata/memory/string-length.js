// attack: a string longer than any may be
// expect: error InternalError /string too long/
let s = 'x'; for (;;) s += s;
