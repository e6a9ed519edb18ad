// attack: millions of empty matches
// expect: interrupted
// expect: memory
for (;;) 'x'.repeat(1e6).match(/(?:)/g).length;
