// attack: traps that contradict their target
// expect: error TypeError
Object.keys(new Proxy(Object.freeze({ a: 1 }), { ownKeys: () => ['b', 'b'] }));
