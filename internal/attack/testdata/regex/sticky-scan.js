// attack: a global search over 32 MB that finds nothing
// expect: interrupted
for (const s = 'x'.repeat(1 << 25);;) s.search(/[^x]y/);
