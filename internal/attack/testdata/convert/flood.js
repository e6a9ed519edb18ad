// attack: makes the host convert 100,000 objects with each call
// expect: interrupted
globalThis.a = Array.from({ length: 1e5 }, (_, i) => ({ i, s: 'x' + i })); for (;;) host.any(a);
