console.log([], [1], [1, 'a', null], [[]], [[[[]]]], [[[[1]]]]);
console.log([1, , 3], [, ], [, , 1], new Array(5), [1, 2, , ,]);
console.log(Object.assign([1, 2], { extra: 'x', '-1': 2, [Symbol('s')]: 3 }), Object.assign([], { a: 1 }));
console.log(Array.from({ length: 7 }, (_, i) => i), Array.from({ length: 101 }, (_, i) => i));
console.log(Array.from({ length: 27 }, (_, i) => 'item' + i));
console.log(Array.from({ length: 120 }, (_, i) => i * 1000));
console.log(Array.from({ length: 10 }, (_, i) => ({ i })));
console.log(Array.from({ length: 10 }, (_, i) => 'x'.repeat(i * 3)));
console.log(Array.from({ length: 100 }, (_, i) => i % 2 ? 'odd' : i), Array.from({ length: 8 }, (_, i) => BigInt(i) ** 10n));
console.log(Array.from({ length: 8 }, (_, i) => [i, i]));
console.log(['\u4e2d\u6587', '\u65e5\u672c', 'a', 'bb', 'ccc', '\u{1f600}', 'e\u0301', 'z']);
console.log([1.5, -2, 1000, 3e10, NaN, 6, 7, 8, 9], [true, false, true, false, true, false, true]);
console.log({ list: Array.from({ length: 30 }, (_, i) => i), deep: { list: Array.from({ length: 30 }, (_, i) => i * i) } });
class MyArray extends Array {}
console.log(new MyArray(1, 2, 3), new MyArray(), MyArray.from([1]), Object.setPrototypeOf([1, 2], null));
console.log([undefined, null], [function () {}, class A {}], ['a'.repeat(30), 'b'.repeat(30), 'c'.repeat(30)]);
console.log(new Array(3).fill({ a: 1, b: { c: {} } }));
console.log([[1, 2, [3, 4, [5, [6]]], { a: { b: 1 } }]]);
console.log(Array.from({ length: 102 }, (_, i) => i), Object.assign(Array.from({ length: 9 }, (_, i) => i), { k: 'v' }));
