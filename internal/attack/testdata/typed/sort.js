// attack: sorts two million numbers in one call
// expect: interrupted
for (const a = new Float64Array(2e6).map((_, i) => i * 7919 % 1e6);;) a.toSorted();
