// attack: a host that remembers what it is given, in a guest that is nearly full
// expect: memory
// limits: memory=5MiB
// after: memory
globalThis.full = []; try { for (;;) full.push(new ArrayBuffer(4096)); } catch { full.length -= 8; }
for (;;) host.keep({});
