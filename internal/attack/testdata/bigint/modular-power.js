// attack: what a script that mines would do
// expect: interrupted
for (let x = 3n, m = (1n << 4096n) - 159n;;) x = x * x % m;
