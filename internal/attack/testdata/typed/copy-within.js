// attack: one instruction moves 50 MB
// expect: interrupted
for (const a = new Uint8Array(50e6);;) a.copyWithin(1, 0);
