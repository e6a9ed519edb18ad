// attack: the same in a built-in's own loop
// expect: interrupted
const p = new Proxy({}, { getPrototypeOf: () => p }); Array.prototype.isPrototypeOf(p);
