// attack: starts again at each of a million places and runs to the end each time
// expect: interrupted
/a[^]*b/.test('a'.repeat(1e6));
