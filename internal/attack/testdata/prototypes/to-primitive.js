// attack: dates, strings, numbers and symbols convert to loops
// expect: value 2000
for (const C of [Date, String, Number, Symbol, BigInt, Boolean]) for (const k of ['valueOf', 'toString', 'toISOString', 'getTime', Symbol.toPrimitive]) Object.defineProperty(C.prototype, k, { value() { for (;;); }, configurable: true }); host.time(new Date(2000)); host.any([Object('a'), Object(1)]); 2000;
