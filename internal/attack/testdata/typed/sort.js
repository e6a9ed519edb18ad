// attack: sorts five million numbers in one call
// expect: interrupted
for (const a = new Float64Array(4e6).map((_, i) => i * 7919 % 1e6);;) a.toSorted();
