// attack: a property key that changes the object it is looked up in
// expect: value undefined
const o = { x: {} }; const r = o[{ toString() { delete o.x; Object.freeze(o); return 'x'; } }]; String(r);
