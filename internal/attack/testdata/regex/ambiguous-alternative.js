// attack: two ways to match each character
// expect: interrupted
/^(?:a|a)*$/.test('a'.repeat(50) + 'b');
