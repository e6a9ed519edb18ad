// attack: the global object inherits from a Proxy: every free name runs a trap
// expect: error TypeError /y is mine/
Object.setPrototypeOf(globalThis, new Proxy({}, { get(t, k) { throw new TypeError(`${k} is mine`); }, set() { for (;;); }, has: () => true })); y;
