// attack: garbage without end, in cycles: the collector must keep up
// expect: interrupted
for (;;) { const a = { b: {} }; a.b.a = a; a.x = new Uint8Array(1e4); }
