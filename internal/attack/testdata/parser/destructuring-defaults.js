// attack: a pattern may be an expression first: each level is read more than once
// expect: interrupted
for (;;) eval('[a=' .repeat(200) + '1' + ']=[]'.repeat(200));
