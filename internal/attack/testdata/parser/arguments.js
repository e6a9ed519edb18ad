// attack: more parameters than a function can have
// expect: error SyntaxError
new Function(Array.from({ length: 70000 }, (_, i) => 'a' + i).join(), '');
