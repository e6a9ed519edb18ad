const c = (v) => console.dir(v, { colors: true });
c([undefined, null, true, 1, -0, 2n, 'str', Symbol('s')]);
c({ a: 'x', 'b-c': 1, [Symbol('k')]: 2, get g() { return 1; }, set s(v) {}, f() {}, d: new Date(0), r: /x/g });
c([1, , 3, , ,]); c(new Map([['a', { b: 1 }]])); c(new Set([1])); c(class A {}); c(Object.assign(() => {}, { a: 1 }));
const cyc = {}; cyc.me = cyc; c(cyc);
c({ a: { b: { c: { d: 1 } } } }); c(Promise.resolve(1)); c(new WeakMap()); c(new ArrayBuffer(2)); c(new Uint8Array(2));
c(Array.from({ length: 30 }, (_, i) => i)); c(Array.from({ length: 10 }, (_, i) => 'item' + i)); c(new String('x')); c(new Number(1));
c(Object.create(null)); c([new Proxy({ a: 1 }, {})]); c({ s: 'line one of text here\nline two of text here that is quite a bit longer than eighty' });
c(Object.assign(/x/, { a: 1 })); c({ a: { b: { c: Object.create(null), d: /deep/ } } }); c('x'.repeat(10001).length); c(Symbol('top'));
