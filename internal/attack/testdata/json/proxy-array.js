// attack: an array that says it has 2^53 elements
// expect: interrupted
// expect: memory
JSON.stringify(new Proxy([], { get: (t, k) => k === 'length' ? 2 ** 53 - 1 : undefined }));
