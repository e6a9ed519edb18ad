const a = { name: 'a' }; a.self = a; console.log(a);
const b = { x: { y: {} } }; b.x.y.up = b.x; b.x.y.top = b; console.log(b);
const arr = [1]; arr.push(arr, [arr]); console.log(arr);
const m = new Map(); m.set('m', m); m.set(m, 'm'); console.log(m);
const s = new Set(); s.add(s); console.log(s, [s]);
class Node1 { constructor() { this.parent = null; this.children = []; } add(c) { c.parent = this; this.children.push(c); return this; } }
console.log(new Node1().add(new Node1()).add(new Node1()));
const f = function f() {}; f.me = f; console.log(f, f.prototype.constructor === f);
const e = { list: [] }; e.list.push({ e, l: e.list }); console.log(e, { e });
const shared = { v: 1 }; console.log({ p: shared, q: shared, r: [shared, shared] });
console.log({ deep: { deep: { deep: a } } }, [a, a]);
