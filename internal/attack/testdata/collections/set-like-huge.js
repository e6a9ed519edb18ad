// attack: a set-like that is infinitely large and has nothing
// expect: interrupted
for (const s = new Set(Array(1e5).keys());;) s.difference({ size: Infinity, has: () => false, keys: () => [].values() });
