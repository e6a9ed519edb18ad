// attack: one multiplication of numbers of millions of digits
// expect: interrupted
// expect: error RangeError
let x = 3n ** 100000n; for (;;) x *= x;
