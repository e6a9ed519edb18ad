// attack: builds the largest argument list there is, over and over, in one native call each
// expect: interrupted
for (;;) Math.max.apply(null, { length: 65534 });
