// attack: Maps and Sets whose methods are traps, on their way to Go and back
// expect: value true
for (const C of [Map, Set, ArrayBuffer, Uint8Array]) { for (const k of Reflect.ownKeys(C.prototype)) if (k !== 'constructor') Object.defineProperty(C.prototype, k, { get() { for (;;); } }); } const m = host.any([new Map([[1, 2]]), new Set([1]), new Uint8Array(3)]); m.length === 3;
