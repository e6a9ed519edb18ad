// attack: a trap that names a million keys, which are checked for duplicates
// expect: interrupted
// expect: memory
{ const k = Array.from({ length: 2e5 }, (_, i) => 'k' + i); for (;;) Reflect.ownKeys(new Proxy({}, { ownKeys: () => k })); }
