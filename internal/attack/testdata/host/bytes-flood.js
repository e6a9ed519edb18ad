// attack: the same with bytes
// expect: interrupted
for (const b = new Uint8Array(2e6);;) host.bytes(b);
