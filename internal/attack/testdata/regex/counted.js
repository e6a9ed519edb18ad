// attack: nested counts multiply when the pattern is compiled or run
// expect: interrupted
/^(?:(?:(?:a{0,500}){0,500}){0,500}){0,500}$/.test('a'.repeat(100) + 'b');
