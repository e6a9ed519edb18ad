// attack: recursion in the pattern compiler
// expect: error SyntaxError /stack overflow/
new RegExp('(?:'.repeat(1e5) + ')'.repeat(1e5));
