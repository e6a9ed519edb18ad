// attack: a finally block that overrides the way out with a loop of its own
// expect: interrupted
(() => { try { for (;;); } finally { for (;;) try { return; } finally { continue; } } })();
