// attack: the same by a native comparator
// expect: interrupted
for (const a = new Uint32Array(1e6).map((_, i) => i * 7919);;) a.sort(Math.max);
