// attack: every change of a prototype walks the whole chain to look for a cycle
// expect: interrupted
let o = {}; for (let i = 0; i < 1e5; i++) o = Object.create(o);
const p = {}; for (;;) { Object.setPrototypeOf(p, o); Object.setPrototypeOf(p, null); }
