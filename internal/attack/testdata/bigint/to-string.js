// attack: the digits of a large number take quadratic time
// expect: interrupted
(1n << 1000000n).toString(); for (const x = (1n << 1048000n) - 1n;;) x.toString(7);
