// attack: compiles classes that combine all of Unicode
// expect: interrupted
for (;;) new RegExp('[' + '[\\p{L}--\\p{Lu}]&&'.repeat(50) + '\\p{Any}]', 'vi');
