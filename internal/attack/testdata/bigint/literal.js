// attack: a literal that takes long to parse
// expect: interrupted
for (;;) eval('1'.repeat(2e5) + 'n');
