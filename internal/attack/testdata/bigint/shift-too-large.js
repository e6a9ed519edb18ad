// attack: the same by a shift
// expect: error RangeError
1n << (2n ** 62n);
