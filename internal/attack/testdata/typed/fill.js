// attack: one instruction writes 50 MB
// expect: interrupted
for (const a = new Uint8Array(50e6);;) a.fill(1);
