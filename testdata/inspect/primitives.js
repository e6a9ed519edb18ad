console.log([undefined, null, true, false, 0, -0, 1.5, NaN, Infinity, -Infinity, 1e21, 1e-7, 123456789012345680000]);
console.log(1n, [-5n, 0n, 123456789012345678901234567890n]);
console.log(undefined, null, -0, true);
console.log([Symbol(), Symbol('a'), Symbol.iterator, Symbol.for('x y')], Symbol('top'));
console.log({ a: -0, b: 0.1, c: 2 ** 53, d: -1e-10, e: 5e-324, f: 1.7976931348623157e308 });
