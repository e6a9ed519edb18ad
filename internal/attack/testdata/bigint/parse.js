// attack: reads a million digits
// expect: interrupted
for (;;) BigInt('9'.repeat(3e5));
