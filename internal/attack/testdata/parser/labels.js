// attack: each new label is compared with those around it
// expect: interrupted
// expect: stack
eval(Array.from({ length: 2e4 }, (_, i) => `l${i}:`).join('') + ';'); for (;;) eval(Array.from({ length: 300 }, (_, i) => `l${i}:`).join('') + ';');
