// attack: a graph that leads back to itself in every way
// expect: value map of 4
// run: export
const o = { a: [], m: new Map, s: new Set }; o.o = o; o.a.push(o, o.a); o.m.set(o, o.m); o.s.add(o.s); o;
