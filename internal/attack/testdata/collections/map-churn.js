// attack: deleted entries that an iterator keeps from going
// expect: interrupted
// expect: memory
{ const m = new Map([[0, 0]]), i = m.keys(); i.next(); for (let n = 1;; n++) { m.set(n, n); m.delete(n - 1); } }
