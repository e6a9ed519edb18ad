// attack: prints without end
// expect: interrupted
for (;;) console.log('x');
