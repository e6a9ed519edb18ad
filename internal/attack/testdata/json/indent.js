// attack: indentation grows with the depth: quadratic output
// expect: interrupted
// expect: memory
let a = []; for (let i = 0; i < 1000; i++) a = [a, a.length]; for (;;) JSON.stringify([a, a, a, a], null, '          ');
