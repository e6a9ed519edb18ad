// attack: a sum of a million terms, which needs no recursion
// expect: value 300000
// limits: memory=128MiB
eval('1' + '+1'.repeat(3e5 - 1));
