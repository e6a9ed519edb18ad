// attack: one multiplication of numbers of millions of digits
// expect: interrupted
let x = 3n ** 100000n; for (;;) x *= x;
