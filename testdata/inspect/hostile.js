// Nothing here may run script code, take long, or fail.
let ran = 0; const boom = () => { ran++; throw new Error('ran'); };
const o = { toString: boom, valueOf: boom, toJSON: boom, inspect: boom, [Symbol.toPrimitive]: boom, [Symbol.for('x')]: 1 };
console.log(o);
const p = Object.create({}, { constructor: { get: boom, enumerable: true }, [Symbol.toStringTag]: { get: boom } });
console.log(Object.create(Object.create(p, { name: { get: boom } }), { own: { value: 1, enumerable: true } }));
class T { static get name() { return boom(); } } console.log(Object.getOwnPropertyNames(new T()));
const fn = function () {}; Object.defineProperty(fn, 'name', { get: boom }); console.log([fn]);
class Sym { static [Symbol.hasInstance]() { return boom(); } } console.log(new Sym());
const arr = [3]; arr.map = arr.join = arr.toString = boom; console.log(arr.length, ran);
const d = new Date(0); d.toISOString = d.getTime = boom; const m = new Map([[1, 2]]); m[Symbol.iterator] = m.entries = m.forEach = boom;
Object.defineProperty(m, 'size', { get: boom }); console.log({ k: Object.keys(d).length }, ran);
const keys = {}; for (let i = 0; i < 100000; i++) keys['k' + i] = i; console.log(Object.keys(keys).length);
console.log(ran);
