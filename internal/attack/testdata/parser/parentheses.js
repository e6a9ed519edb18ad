// attack: recursion in the parser
// expect: stack
eval('('.repeat(2e5));
