// attack: prints 10 MB at a time
// expect: interrupted
for (const s = 'x\n'.repeat(5e6);;) console.log(s);
