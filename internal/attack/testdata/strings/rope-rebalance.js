// attack: grows a rope at both ends, which the engine balances again and again
// expect: interrupted
for (let s = '';;) s = 'ab' + s + 'c';
