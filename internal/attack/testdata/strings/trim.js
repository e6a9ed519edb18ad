// attack: nothing but white space
// expect: interrupted
for (const s = '\u2029'.repeat(1 << 23) + 'x' + ' '.repeat(1 << 20);;) s.trim();
