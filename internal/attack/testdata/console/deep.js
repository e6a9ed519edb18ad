// attack: dir without a limit of depth for what is a hundred thousand levels deep
// expect: value undefined
let a = {}; for (let i = 0; i < 1e5; i++) a = { a }; console.log(a); console.dir(a, { depth: Infinity });
