// attack: wraps a large number at each width
// expect: interrupted
for (let n = 0, x = -(1n << 1000000n);; n++) BigInt.asUintN(1e6 - n % 1000, x);
