// attack: a date that goes on
// expect: interrupted
for (const s = '('.repeat(1e6) + 'Mon '.repeat(1e6);;) Date.parse(s);
