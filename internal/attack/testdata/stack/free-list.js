// attack: dropping one reference frees a chain of half a million objects
// expect: value undefined
let l = null; for (let i = 0; i < 5e5; i++) l = { l }; l = undefined;
