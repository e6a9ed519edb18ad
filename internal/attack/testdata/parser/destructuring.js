// attack: patterns in patterns
// expect: stack
eval('[' + '['.repeat(5e4) + 'a' + ']'.repeat(5e4) + ']=[]');
