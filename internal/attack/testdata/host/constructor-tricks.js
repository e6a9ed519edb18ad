// attack: a host constructor with a new.target that is a Proxy, and a prototype getter that re-enters
// expect: value ok
class D extends host.Class { constructor(n) { super(n); } } new D(1).made;
try { Reflect.construct(host.Class, [1], new Proxy(D, { get(t, k) { return k === 'prototype' ? host.any(1) : t[k]; } })); Reflect.construct(host.Class, [{ set made(x) { new D(x); } }], Array); } catch { } 'ok';
