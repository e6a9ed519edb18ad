// attack: setters on the prototype for the elements of every array and object
// expect: value slice of 3
// run: export
for (const p of [Array.prototype, Object.prototype]) for (const k of ['0', '1', 'a', 'length2', 'value', 'done', 'id', 'total']) Object.defineProperty(p, k, { set() { for (;;); }, get() { for (;;); }, configurable: true });
host.any([1, { a: 1 }, [2]]);
