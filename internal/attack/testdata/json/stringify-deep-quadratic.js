// attack: looks for a cycle among all the containers around each
// expect: interrupted
let a = []; for (let i = 0; i < 1000; i++) a = [a]; for (;;) JSON.stringify(a);
