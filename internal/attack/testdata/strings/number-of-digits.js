// attack: a number of ten million digits
// expect: interrupted
for (const s = '9'.repeat(1e7) + '.' + '1'.repeat(1e6);;) Number(s), parseFloat(s), parseInt(s, 36);
