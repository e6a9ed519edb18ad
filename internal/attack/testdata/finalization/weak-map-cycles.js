// attack: garbage that only ephemerons connect, for the collector to find again and again
// expect: interrupted
for (;;) { const m = new WeakMap; let k = {}; for (let i = 0; i < 1000; i++) { const n = { m }; m.set(k, n); k = n; } }
