// attack: a small pattern that compiles to much
// expect: interrupted
for (;;) new RegExp('[' + '\\P{ID_Continue}\\p{Script=Han}\\P{Cased}'.repeat(300) + ']', 'iu');
