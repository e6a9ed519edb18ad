// attack: an accessor on an index frees the array's fast elements while they move
// expect: value ok
const a = Array.from({ length: 100 }, () => ({})); Object.defineProperty(a, 50, { get() { a.length = 60; return 1; }, set() { }, configurable: true }); try { a.unshift(1, 2); a.splice(3, 5); a.copyWithin(0, 40); a.reverse(); } catch { } 'ok';
