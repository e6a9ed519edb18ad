// attack: a reviver replaces the rest by an array-like of length 2^53
// expect: interrupted
JSON.parse('[0,[]]', function (k, v) { if (k === '0') this[1] = new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 53 - 1 : 0, deleteProperty: () => true, defineProperty: () => true }); return v; });
