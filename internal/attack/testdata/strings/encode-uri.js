// attack: each character becomes nine
// expect: interrupted
// expect: memory
for (;;) encodeURIComponent('\u20ac'.repeat(5e5));
