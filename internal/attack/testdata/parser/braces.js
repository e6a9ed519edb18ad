// attack: blocks in blocks: a scope each
// expect: stack
eval('{'.repeat(1e5) + '}'.repeat(1e5));
