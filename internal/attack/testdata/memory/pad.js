// attack: one call for a string beyond the limit
// expect: memory
''.padEnd(2 ** 29, 'ab');
