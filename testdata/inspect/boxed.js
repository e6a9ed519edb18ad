console.log(new Number(3), new Number(-0), new String('x'), new Boolean(false), Object(1n), Object(Symbol('s')));
console.log([new String("it's")], Object.assign(new String('ab'), { extra: 1, 7: 2 }), Object.assign(new Number(1), { y: 2 }));
class N extends Number {} class S extends String {}
console.log(new N(1), new S('sub'), Object.setPrototypeOf(new Number(1), null));
console.log(Object.setPrototypeOf(new String('hi'), null), new String(''));
console.log({ a: { b: { c: new String('deep'), d: Object.assign(new Number(1), { z: 1 }) } } });
