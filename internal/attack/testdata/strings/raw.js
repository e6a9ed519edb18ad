// attack: a template of 2^53 empty strings
// expect: interrupted
String.raw({ raw: { length: 2 ** 53 - 1, __proto__: new Proxy({}, { get: () => '' }) } });
