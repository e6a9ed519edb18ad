// attack: compiles what is deep, then what is long, for bytecode
// expect: value 5001
// run: bytecode
[1, ...'x'.repeat(5000)].length;
