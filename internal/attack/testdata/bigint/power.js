// attack: one operator computes a number of 30 million digits
// expect: interrupted
// expect: memory
// expect: error RangeError
3n ** (2n ** 26n);
