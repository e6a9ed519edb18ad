// attack: looks for what is not there, in 50 MB
// expect: interrupted
for (const a = new Uint8Array(50e6);;) a.indexOf(1), a.includes(NaN);
