// attack: a hundred thousand characters that could begin a comment, a division or a regular expression
// expect: error SyntaxError
eval('a' + '/a'.repeat(5e4) + '/['.repeat(5e4));
