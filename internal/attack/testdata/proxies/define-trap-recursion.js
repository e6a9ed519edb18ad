// attack: writing to the receiver comes back to the trap
// expect: stack
const p = new Proxy({}, { set: (t, k, v, r) => Reflect.set({}, k, v, r), defineProperty: (t, k, d) => { p[k] = 1; return true; } }); p.x = 1;
