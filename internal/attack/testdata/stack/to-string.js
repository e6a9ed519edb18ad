// attack: recursion through conversion to a primitive
// expect: stack
const s = { toString() { return '' + this; } }; '' + s;
