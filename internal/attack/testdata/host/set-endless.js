// attack: the host writes a property, caught and again
// expect: interrupted
for (;;) try { host.set(new Proxy({}, { set() { for (;;); } }), 'x', 1); } catch { }
