function named() {}
const arrow = () => {}, anon = (() => function () {})();
console.log(named, arrow, anon, (() => () => {})(), async function af() {}, async () => {}, function* gf() {}, async function* agf() {});
console.log([named], { named, method() {}, get acc() { return 1; }, async am() {}, *gm() {}, async *agm() {} });
console.log(Object.assign(() => {}, { a: 1 }), Object.assign(function withProps() {}, { a: 1, b: { c: 2 } }));
console.log(named.bind(null), arrow.bind(), (function () {}).bind(), Math.max, Array, Object, Map.prototype.get, Symbol);
console.log(Object.setPrototypeOf(function np() {}, null), Object.setPrototypeOf(() => {}, null));
const renamed = () => {};
Object.defineProperty(renamed, 'name', { value: 'other' });
console.log(renamed, Object.defineProperty(() => {}, 'name', { value: '' }), Object.defineProperty(() => {}, Symbol.toStringTag, { value: 'T' }));
console.log({ a: { b: { c: named, d: class K {}, e: Object.assign(() => {}, { x: 1 }) } } });
console.log({ [Symbol('k')]() {} }[Symbol('k')], Object.getOwnPropertyDescriptor({ get g() { return 1; } }, 'g').get);
class Ext extends Function {}
console.log(new Ext('return 1'), { 'class'() {} }.class);
console.log(function () {}.constructor, (async () => {}).constructor, (function* () {}).constructor);
