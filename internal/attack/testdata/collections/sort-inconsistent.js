// attack: a comparator that cannot make up its mind
// expect: interrupted
for (let n = 0, a = Array(1e5).fill(0);;) a.sort(() => ++n % 3 - 1);
