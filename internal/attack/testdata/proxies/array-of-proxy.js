// attack: array methods on a Proxy with a length of 2^53
// expect: interrupted
[].toString.call(new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 32 - 1 : k === 'join' ? [].every : k === Symbol.isConcatSpreadable, has: () => true }));
[].every.call(new Proxy([], { get: () => 2 ** 53, has: () => false }), () => true);
