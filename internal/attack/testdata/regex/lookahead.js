// attack: backtracks inside of a lookahead, where it starts anew each time
// expect: interrupted
/^(?:(?=(a+)+b)a|a)*$/.test('a'.repeat(40));
