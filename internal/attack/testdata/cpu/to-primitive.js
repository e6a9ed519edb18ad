// attack: an operator that never gets its operand
// expect: interrupted
+{ valueOf() { for (;;); } };
