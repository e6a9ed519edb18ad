// attack: deletes what for-in will visit next, and adds to its prototype
// expect: value ok
const o = Object.create({ z: 1 }); for (let i = 0; i < 500; i++) o['k' + i] = i; for (const k in o) { for (const j in o) delete o[j]; Object.setPrototypeOf(o, { [k]: 1, n: 1 }); } 'ok';
