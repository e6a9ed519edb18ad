// attack: divides a large number by one half as long
// expect: interrupted
for (const x = (1n << 1040000n) - 1n, y = (1n << 520000n) - 3n;;) x / y;
