// attack: the same backwards
// expect: interrupted
/(?<=^(a+)+)b/.test('c' + 'a'.repeat(40) + 'b');
