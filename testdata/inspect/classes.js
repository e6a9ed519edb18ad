class Foo { constructor() { this.a = 1; } }
class Bar extends Foo { b = { c: 2 }; }
console.log(new Foo(), new Bar(), [new Foo()], { foo: { bar: { baz: new Bar() } } });
class Empty {}
console.log(new Empty(), [new Empty()], Foo, Bar, Empty, class {}, [class extends Foo {}]);
class Tagged { }
Object.defineProperty(Tagged.prototype, Symbol.toStringTag, { value: 'bar' });
console.log(new Tagged(), Object.assign(new Tagged(), { x: 1 }), { t: { a: { b: new Tagged(), c: Object.assign(new Tagged(), { x: 1 }) } } });
console.log({ [Symbol.toStringTag]: 'own' }, Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'hid' }));
class Static { static x = 1; static y = { z: 2 }; #priv = 1; }
console.log(Static, new Static());
function Old(x) { this.x = x; }
console.log(new Old(5), Old);
class NoProto extends null {}
console.log(NoProto);
console.log(Object.create(Object.create(null)), Object.create({}), Object.create(Foo.prototype), Foo.prototype, Bar.prototype);
console.log(Object.create(Object.create(Object.create(null, { x: { value: 1, enumerable: true } }))));
const tampered = { constructor: 'nope' };
console.log(Object.create(tampered), Object.create({ constructor: { name: 'Fake' } }));
console.log(Object.setPrototypeOf({ a: 1 }, { constructor: function Other() {} }));
console.log(Object.prototype, Function.prototype, Array.prototype);
class A {} class B extends A {} class C extends B {}
console.log([A, B, C], new C(), Object.setPrototypeOf(class Z {}, null), Object.assign(class Y extends A {}, { p: 1 }));
