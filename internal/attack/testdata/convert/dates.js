// attack: dates that are none, boxed values, and objects of strange prototypes
// expect: convert
// expect: value slice of 7
// run: export
[new Date(NaN), new Date(8.64e15), Object(1n), Object(Symbol()), Object.create(null), Object.create(Array.prototype), (function () { return arguments; })(1)];
