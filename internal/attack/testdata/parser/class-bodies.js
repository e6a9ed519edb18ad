// attack: a class with private names that are compared with each other
// expect: interrupted
// expect: memory
// expect: error SyntaxError
for (;;) new Function('class C{' + Array.from({ length: 5000 }, (_, i) => `#p${i}=1;`).join('') + '}');
