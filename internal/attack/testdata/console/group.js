// attack: groups without end: indentation for each line of what follows
// expect: interrupted
// expect: memory
for (const s = 'x\n'.repeat(1e4);;) { console.group('g'); console.log(s); }
