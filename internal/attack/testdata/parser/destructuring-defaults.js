// attack: a pattern may be an expression first: each level is read twice
// expect: stack
// expect: interrupted
eval('({a:' .repeat(3000) + 'b' + '})'.repeat(3000)); for (;;) try { eval('[a=' .repeat(200) + '1' + ']'.repeat(200) + '=[]'); } catch { }
