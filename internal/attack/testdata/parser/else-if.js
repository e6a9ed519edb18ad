// attack: a hundred thousand branches of one statement
// expect: stack
eval('if(0);else '.repeat(1e5) + ';');
