// attack: millions of replacements by a function that is native
// expect: interrupted
for (const s = 'ab'.repeat(1e6);;) s.replaceAll('a', String);
