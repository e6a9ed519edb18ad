// attack: equal numbers differ nowhere
// expect: interrupted
for (const x = (1n << 1000000n), y = (1n << 1000000n);;) x == y, x < y;
