// attack: all keys of a large frozen target must be found among those that the trap names
// expect: interrupted
const t = {}; for (let i = 0; i < 2e4; i++) t['k' + i] = i;
const k = Object.keys(t).reverse(); Object.freeze(t); for (;;) Reflect.ownKeys(new Proxy(t, { ownKeys: () => k }));
