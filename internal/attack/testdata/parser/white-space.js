// attack: 30 MB of line ends before a syntax error, which must count them
// expect: error SyntaxError
// expect: memory
eval('\n'.repeat(1e7) + ')');
