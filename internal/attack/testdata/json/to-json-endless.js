// attack: each object is another when printed
// expect: stack
const o = { toJSON() { return { o }; } }; JSON.stringify(o);
