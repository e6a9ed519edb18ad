// attack: refuses to be closed
// expect: interrupted
const g = (function* () { for (;;) try { yield 1; } finally { continue; } })(); g.next(); for (;;) g.return();
