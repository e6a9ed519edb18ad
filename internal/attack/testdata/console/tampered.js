// attack: replaces what console might use, then uses it
// expect: value undefined
for (const p of [Array, String, Object, Map, Function, Error]) for (const k of Reflect.ownKeys(p.prototype)) if (k !== 'constructor') try { Object.defineProperty(p.prototype, k, { get() { for (;;); } }); } catch { }
console.log([1], { a: 1 }, new Map, new Error, '%s', 1); console.table([{ a: 1 }]);
