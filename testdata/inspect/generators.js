function* g() { yield 1; }
async function* ag() { yield 1; }
console.log(g(), ag(), [g()], Object.assign(g(), { a: 1 }));
(function () { console.log(arguments, [arguments]); arguments.x = 1; console.log(arguments); })(1, 'a', { b: 2 });
(function () { 'use strict'; console.log(arguments); })();
(function (a, b) { a = 9; console.log(arguments); })(1, 2);
console.log(Math, JSON, Reflect, Atomics);
console.log(g, ag, g.prototype, Object.getPrototypeOf(g));
