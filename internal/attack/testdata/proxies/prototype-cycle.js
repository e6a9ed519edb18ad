// attack: a prototype chain that never ends, for instanceof
// expect: interrupted
const p = new Proxy({}, { getPrototypeOf: () => p }); p instanceof Array;
