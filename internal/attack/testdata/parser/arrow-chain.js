// attack: a function in a function in a function
// expect: stack
// expect: memory
eval('a=>'.repeat(5e4) + '1');
