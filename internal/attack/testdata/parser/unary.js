// attack: half a million operators on one operand
// expect: stack
eval('!'.repeat(5e5) + '1');
