let ran = 0;
const o = {
  get a() { ran++; throw new Error('getter ran'); },
  set b(v) { ran++; },
  get c() { ran++; return 1; }, set c(v) { ran++; },
  d: 1,
};
console.log(o);
console.log([o, Object.defineProperty([1, 2], 1, { get() { ran++; return 5; }, enumerable: true })]);
class P { get x() { ran++; return 1; } static get y() { ran++; } z = 2; }
console.log(new P(), P);
console.log(Object.defineProperty({}, 'u', { get: undefined, set: undefined, enumerable: true }));
console.log(Object.defineProperty(function f() {}, 'extra', { get() { ran++; }, enumerable: true }));
console.log(ran);
