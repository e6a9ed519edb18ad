// attack: ten million strings of one character
// expect: memory
'x'.repeat(1e7).split('');
