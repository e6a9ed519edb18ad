// attack: the same with a compilation at each level
// expect: stack
globalThis.code = 'host.eval(code)'; host.eval(code);
