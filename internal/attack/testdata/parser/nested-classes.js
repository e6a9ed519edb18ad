// attack: classes that extend classes that are written in the extends clause
// expect: stack
eval('(class extends '.repeat(3e4) + 'Object' + '{})'.repeat(3e4));
