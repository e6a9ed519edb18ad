// attack: super property that resolves to itself
// expect: stack
const o = { get x() { return super.x; } }; Object.setPrototypeOf(o, new Proxy({}, { get: (t, k) => o[k] })); o.x;
