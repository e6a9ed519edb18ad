// attack: moves a large number by single bits
// expect: interrupted
for (let x = 1n << 1000000n;;) x = (x << 1n) >> 1n;
