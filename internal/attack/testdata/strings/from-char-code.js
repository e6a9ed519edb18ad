// attack: a string argument by argument
// expect: interrupted
for (const a = Array(60000).fill(0x1f600);;) String.fromCodePoint(...a);
