// attack: for-in walks prototypes that a trap makes up
// expect: interrupted
// expect: memory
let n = 0; const h = { ownKeys: () => ['k' + n++], getPrototypeOf: () => new Proxy({}, h), getOwnPropertyDescriptor: () => ({ value: 1, configurable: true, enumerable: true }) };
for (const k in new Proxy({}, h));
