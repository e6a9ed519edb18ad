// attack: every object has a shape of its own
// limits: memory=12MiB
// expect: memory
{ const a = []; for (let i = 0;; i++) { const o = {}; o['a' + i] = o['b' + i] = o['c' + i] = i; a.push(o); } }
