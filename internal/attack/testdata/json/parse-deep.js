// attack: recursion in the parser
// expect: stack
JSON.parse('['.repeat(2e5));
