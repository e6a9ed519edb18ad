// attack: a million elements, a million keys
// expect: value undefined
const a = Array(1e6).fill({}), o = {}; for (let i = 0; i < 5e4; i++) o['k' + i] = i; console.log(a, o, new Map(a.slice(0, 1000).entries()), new Uint8Array(1e7));
