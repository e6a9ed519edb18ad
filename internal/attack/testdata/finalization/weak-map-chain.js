// attack: an ephemeron chain: each key is the value before it
// expect: value ok
// run: gc
let k = {}; const m = new WeakMap, first = k; for (let i = 0; i < 5e4; i++) { const n = {}; m.set(k, n); k = n; } 'ok';
