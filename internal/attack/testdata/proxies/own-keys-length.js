// attack: a list of keys that says it is endless, all different
// expect: memory
// expect: interrupted
let n = 0; Reflect.ownKeys(new Proxy({}, { ownKeys: () => new Proxy({}, { get: (t, k) => k === 'length' ? 2 ** 32 - 1 : 'k' + n++ }) }));
