const np = (o) => Object.setPrototypeOf(o, null);
console.log(np({}), np({ a: 1 }), np([]), np([1]), np(new Map([[1, 2]])), np(new Set([1])), np(() => {}), np(class A {}));
console.log(np(new Date(0)), np(/x/), np(new Number(1)), np(new Uint8Array(1)), np(Promise.resolve(1)), np(new WeakMap()));
console.log(np(function* g() {}), np(async () => {}), [np({})], { a: { b: { c: np({ x: 1 }) } } }, np((function () { return arguments; })(1)));
console.log(Object.create(np({})), Object.create(np({ x: 1 })), Object.create(Object.create(np({}))), Object.create(np([])));
console.log(Object.create(null, { [Symbol.toStringTag]: { value: 'Tagged' } }), Object.create(null, { [Symbol.toStringTag]: { value: 'Object' } }));
console.log(Object.create(Array.prototype), Object.create(Map.prototype), Object.create(Function.prototype));
console.dir(Object.create(Object.create(null)), { depth: 0 }); console.dir({ a: np({ b: 1 }) }, { depth: 0 }); console.dir([np([1])], { depth: 0 });
