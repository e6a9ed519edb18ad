// attack: one saved state per character of a large subject
// expect: memory
// expect: error InternalError /out of memory/
/^(?:a|b)*$/.test('ab'.repeat(4e6) + 'c');
