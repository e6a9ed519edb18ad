// attack: a statement with a hundred thousand cases
// expect: interrupted
// expect: memory
for (;;) new Function('x', 'switch(x){' + Array.from({ length: 3e4 }, (_, i) => `case ${i}:;`).join('') + '}');
