// attack: freezes all there is, also what the host gave
// expect: value ok
(function walk(o, seen) { if (Object(o) !== o || seen.has(o)) return; seen.add(o); Object.freeze(o); for (const k of Reflect.ownKeys(o)) { const d = Reflect.getOwnPropertyDescriptor(o, k); walk(d.value, seen); walk(d.get, seen); } walk(Object.getPrototypeOf(o), seen); })({ a: Object.prototype, h: host, c: console, p: Promise, e: Error }, new Set); 'ok';
