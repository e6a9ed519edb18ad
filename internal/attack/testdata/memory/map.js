// attack: a Map that grows rehashes all it has
// limits: memory=24MiB
// expect: memory
{ const m = new Map; for (let i = 0;; i++) m.set(i, i); }
