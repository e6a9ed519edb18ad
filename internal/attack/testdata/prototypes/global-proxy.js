// attack: the global object inherits from a Proxy: every free name runs a trap
// expect: error ReferenceError
Object.setPrototypeOf(Object.prototype, null); try { Object.setPrototypeOf(globalThis, new Proxy({}, { has: (t, k) => k === 'x', get() { throw new ReferenceError(k); }, set() { for (;;); } })); } catch { } y;
