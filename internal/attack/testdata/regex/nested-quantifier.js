// attack: the textbook case: exponential backtracking
// expect: interrupted
/^(a+)+$/.test('a'.repeat(40) + 'b');
