// attack: a result that cannot exist
// expect: error RangeError
2n ** (2n ** 62n);
