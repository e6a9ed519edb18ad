// attack: the same with bytes
// expect: interrupted
for (const b = new Uint8Array(2e7);;) host.bytes(b);
