// attack: a replacement pattern that quotes the match over and over
// expect: memory
{ let s = 'x'; for (;;) s = s.replace(/^/, '$\'$\'$\'$\''); }
