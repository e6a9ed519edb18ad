// attack: a JSON module that is nested too deep
// expect: stack
// run: await
host.eval(''); import('deep', { with: { type: 'json' } });
// module: deep
[[[[[[[[[[
