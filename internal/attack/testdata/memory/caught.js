// attack: treats out of memory as a reason to go on
// expect: interrupted
for (;;) try { const a = []; for (;;) a.push('x'.repeat(1e5) + a.length); } catch { }
