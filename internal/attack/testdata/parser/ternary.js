// attack: a hundred thousand nested conditions
// expect: stack
eval('0?1:'.repeat(1e5) + '2');
