let ran = 0;
const handler = new Proxy({}, { get() { ran++; throw new Error('trap ran'); } });
console.log(new Proxy({ a: 1 }, handler), new Proxy([1, 2], handler), new Proxy(function f() {}, handler), new Proxy(class K {}, handler));
console.log([new Proxy(new Map([[1, 2]]), handler)], { p: new Proxy({ q: new Proxy({}, handler) }, handler) });
const r = Proxy.revocable({}, {}); r.revoke();
console.log(r.proxy, [r.proxy], typeof r.proxy);
console.log(new Proxy(new (class Foo { x = 1 })(), handler), ran);
