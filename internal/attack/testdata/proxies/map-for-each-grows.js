// attack: deletes and adds the entry that is being visited: the walk never ends and needs no memory
// expect: interrupted
const m = new Map([[0, 0]]); m.forEach((v, k) => { m.delete(k); m.set(k, v); });
