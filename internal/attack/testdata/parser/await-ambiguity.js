// attack: async might be a name, a function or an arrow, on each level
// expect: stack
// expect: error SyntaxError
// expect: interrupted
eval('async('.repeat(3e4) + ')'.repeat(3e4));
