// attack: more arguments than a call can have
// expect: error SyntaxError
eval('Math.max(' + '1,'.repeat(7e4) + '1)');
