// attack: setters on the prototype for the elements of every array and object
// expect: value slice of 3
// run: export
const a = [1, { a: 1 }, [2]], trap = { __proto__: null, set() { for (;;); }, get() { for (;;); }, configurable: true }, define = Object.defineProperty;
for (const k of ['0', '1', '2', 'a', 'id', 'total', 'done', 'value']) { define(Array.prototype, k, trap); if (k !== 'done' && k !== 'value') define(Object.prototype, k, trap); } host.any(a);
