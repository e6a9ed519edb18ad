// attack: makes prototypes lead back to themselves
// expect: value 3
let n = 0; const p = new Proxy([], {}); for (const [a, b] of [[Object.prototype, {}], [Array.prototype, []], [Array.prototype, Object.create([])]]) try { a.__proto__ = b; } catch { n++; } n;
