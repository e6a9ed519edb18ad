// attack: the same with iteration of a Set, which grows
// limits: memory=24MiB
// expect: memory
{ const s = new Set([0]); for (const x of s) s.add(x + 1); }
