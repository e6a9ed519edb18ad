// attack: templates in templates
// expect: stack
// expect: error SyntaxError
eval('`${'.repeat(1e5) + '1' + '}`'.repeat(1e5));
