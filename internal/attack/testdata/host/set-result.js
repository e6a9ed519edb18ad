// attack: the same: Set
// expect: interrupted
// run: set
new Proxy({}, { set() { for (;;) try { for (;;); } catch { } } });
