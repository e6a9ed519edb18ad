// attack: replaces what console might use, then uses it
// expect: value undefined
const all = [Array, String, Object, Map, Function, Error].flatMap(c => Reflect.ownKeys(c.prototype).map(k => [c.prototype, k])), define = Reflect.defineProperty;
for (let i = 0; i < all.length; i++) define(all[i][0], all[i][1], { __proto__: null, get() { for (;;); }, set() { } });
console.log([1], { a: 1 }, '%s', 1); console.table([{ a: 1 }]);
