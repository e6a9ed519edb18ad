// attack: groups without end: indentation for each line of what follows
// expect: error Error /console limit/
for (const s = 'x\n'.repeat(1e4);;) { console.group('g'); console.log(s); }
