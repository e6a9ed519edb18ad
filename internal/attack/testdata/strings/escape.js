// attack: the old functions are still there
// expect: interrupted
for (const s = '\u1234'.repeat(5e5);;) unescape(escape(s));
