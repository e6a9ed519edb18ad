// attack: compares by normalising both sides
// expect: interrupted
for (const s = '\u1e9b\u0323'.repeat(1e5);;) s.localeCompare(s + 'a');
