const o = { z: 1, 10: 'ten', a: 2, 9: 'nine', [Symbol('b')]: 1, '-1': 'neg', 1.5: 'frac', '010': 'str', 0: 'zero' };
o.late = true; delete o.a; o.a = 'again'; o[5] = 'five'; console.log(o);
console.log(Object.assign([], { 2: 'two', x: 1, 0: 'zero', [Symbol.iterator]: 5 }).length);
const many = {}; for (let i = 30; i > 0; i--) many[i * 7 % 31] = i; console.log(many);
console.log({ [4294967296]: 1, 4294967295: 2, 4294967294: 3, 4294967293: 4, 2147483648: 5, 2147483647: 6, 1: 7 });
class Fields { b = 1; a = 2; 1 = 'one'; ['computed' + 1] = 3; static s = 4; } console.log(new Fields(), Fields);
const hid = Object.defineProperties({}, { x: { value: 1 }, y: { value: 2, enumerable: true } }); console.log(hid); console.dir(hid, { showHidden: true }); console.dir([1, 2], { showHidden: true });
console.log(JSON.parse('{"b":1,"a":{"2":1,"1":2},"__proto__":{"x":1}}'), { ...o, spread: 1 }, Object.fromEntries([['k', 1], ['j', 2]]));
console.log({ true: 1, null: 2, undefined: 3, NaN: 4, class: 5, 'a.b': 6, a1: 7, '1a': 8, A_B: 9, 'ünï': 10 });
