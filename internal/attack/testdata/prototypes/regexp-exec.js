// attack: the exec that all string methods use
// expect: interrupted
RegExp.prototype.exec = () => ({ index: 0, 0: '', length: 1e9 }); 'a'.replace(/b/, 'c');
