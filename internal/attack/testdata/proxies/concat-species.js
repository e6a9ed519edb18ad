// attack: a species that returns the very array that is being copied
// expect: value ok
class A extends Array { static get [Symbol.species]() { return function () { return a; }; } }
const a = A.from({ length: 100 }, (_, i) => [i]); try { a.map(x => (a.length = 0, x)); a.splice(0, 50); a.concat(a); a.flatMap(x => x); } catch { } 'ok';
