// attack: makes the host convert 20,000 objects with each call
// expect: interrupted
globalThis.a = Array.from({ length: 2e4 }, (_, i) => ({ i, s: 'x' + i })); for (;;) host.any(a);
