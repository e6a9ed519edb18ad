// attack: reverses 20 MB
// expect: interrupted
for (const a = new Uint8Array(20e6);;) a.reverse();
