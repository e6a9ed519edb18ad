// attack: logs by way of inherited accessors for options
// expect: value 0
let n = 0; for (const k of ['depth', 'colors', 'showHidden', 'maxArrayLength', 'length', 'size']) Object.defineProperty(Object.prototype, k, { get() { n++; for (;;); }, set() { n++; }, configurable: true }); console.dir({ a: [1] }); console.log({}, new Map([[1, 2]])); n;
