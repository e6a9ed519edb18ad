// attack: everything that is printed tries to run code
// expect: value 0
let ran = 0; const f = () => { ran++; for (;;); };
const o = { get a() { f(); }, toString: f, toJSON: f, [Symbol.toPrimitive]: f, get [Symbol.toStringTag]() { f(); }, get constructor() { f(); } };
console.log(o, new Proxy(o, { get: f, ownKeys: f, getPrototypeOf: f }), Object.create(new Proxy({}, { get: f, getPrototypeOf: f })), Object.assign(new Error, { toString: f })); console.error([o]); ran;
