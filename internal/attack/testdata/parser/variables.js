// attack: each declaration is compared with all others
// expect: interrupted
// expect: error SyntaxError
for (;;) new Function(Array.from({ length: 3e4 }, (_, i) => `var v${i};`).join(''));
