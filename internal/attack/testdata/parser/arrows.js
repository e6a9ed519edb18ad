// attack: whether a parenthesis begins an arrow function is decided by looking ahead, on each level again
// expect: stack
// expect: interrupted
eval('(a='.repeat(3e4) + '1' + ')=>1'.repeat(3e4));
