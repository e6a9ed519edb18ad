// attack: a list of keys that says it is endless
// expect: interrupted
// expect: memory
// expect: error RangeError
Reflect.ownKeys(new Proxy({}, { ownKeys: () => ({ length: 2 ** 32 - 1, get 0() { return 'a'; } }) }));
