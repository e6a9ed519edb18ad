Error.stackTraceLimit = 0;
const st = (e, extra = '') => { Object.defineProperty(e, 'stack', { value: `${e.name}: ${e.message}\n    at f (file.js:1:2)\n    at g (file.js:3:4)${extra}`, configurable: true, writable: true }); return e; };
console.log(new Error('plain'), [new TypeError('t')], new RangeError(), Error('x'));
console.log(st(new Error('stacked')));
console.log(st(Object.assign(new Error('props'), { code: 'E_CODE', errno: -2, nested: { a: 1 } })));
console.log({ e: st(new Error('inside')), list: [st(new TypeError('in list'))] });
console.log(new Error('outer', { cause: new TypeError('inner') }), new Error('o', { cause: 'text' }), new Error('o', { cause: undefined }));
console.log(st(new Error('outer', { cause: st(new Error('mid', { cause: st(new Error('in')) })) })));
console.log(new AggregateError([new Error('one'), 2], 'many'), st(new AggregateError([st(new Error('one'))])));
class ValidationError extends Error { constructor(m) { super(m); this.name = 'ValidationError'; } }
class Foo extends Error {}
class HttpError extends Error { status = 404; }
console.log(new ValidationError('v'), new Foo('f'), new HttpError('h'), [new Foo()]);
console.log(st(new Foo('stacked')), st(new HttpError('stacked')));
const named = new Error('n'); named.name = 'Custom'; console.log(named);
const msg = new Error('one'); Object.defineProperty(msg, 'message', { value: '', writable: true }); console.log(msg);
const multi = new Error('line1\nline2'); console.log(multi, { multi }, st(new Error('a\n    at fake (x:1:1)\nb')));
console.log(Object.assign(new Error('own message'), { message: 'changed' }));
const tag = new Error('tagged'); Object.defineProperty(tag, Symbol.toStringTag, { value: 'Tag' }); console.log(tag);
console.log({ a: { b: { c: new Error('deep'), d: Object.assign(new Error('deep'), { x: 1 }) } } });
console.log(Object.create(Error.prototype), Error.prototype, Object.assign(Object.create(TypeError.prototype), { message: 'm' }));
const npe = st(new RangeError('null proto')); Object.setPrototypeOf(npe, null); console.log(npe);
const c1 = new Error('cyclic'); c1.self = c1; console.log(c1);
const c2 = new Error('cause cycle'); c2.cause = c2; console.log(c2);
const common = '\n    at a (x.js:1:1)\n    at b (x.js:2:2)\n    at c (x.js:3:3)\n    at d (x.js:4:4)';
console.log(st(new Error('top', { cause: st(new Error('bottom'), common) }), common));
const ns = new Error('number'); ns.stack = 'custom stack text'; console.log(ns);
