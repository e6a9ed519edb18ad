// attack: a loop whose body matches nothing
// expect: value true
/^(?:(?:)*|(?:a?)*?)*$/.test('') && /(?:)*(?:){1000000}/.test('');
