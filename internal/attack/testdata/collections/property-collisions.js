// attack: objects with many integer keys that are no array indexes
// expect: interrupted
for (;;) { const o = {}; for (let i = 0; i < 1e4; i++) o[-i << 16] = i; }
