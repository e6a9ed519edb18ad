// attack: Maps and Sets whose methods are traps, on their way to Go and back
// expect: value 3
for (const C of [Set, Map, ArrayBuffer, Uint8Array]) Reflect.ownKeys(C.prototype).forEach(k => k === 'constructor' || Reflect.defineProperty(C.prototype, k, { get() { for (;;); } }));
host.any([new Map, new Set, new Uint8Array(3)]).length;
