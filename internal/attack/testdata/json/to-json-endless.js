// attack: each object is another when printed
// expect: interrupted
const o = { toJSON() { return { o }; } }; JSON.stringify(o);
