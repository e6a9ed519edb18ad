// attack: the same with a compilation at each level
// expect: stack
const code = 'host.eval(code)'; host.eval('var code = "host.eval(code)"'); host.eval(code);
