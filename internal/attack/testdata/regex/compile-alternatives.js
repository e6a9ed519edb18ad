// attack: a pattern of 10 MB
// expect: interrupted
// expect: memory
for (;;) new RegExp('ab|'.repeat(3e6));
