// attack: sorts a million strings that differ at their ends
// expect: interrupted
for (const a = Array.from({ length: 2e5 }, (_, i) => 'x'.repeat(50) + i * 7919 % 1e5);;) a.toSorted();
