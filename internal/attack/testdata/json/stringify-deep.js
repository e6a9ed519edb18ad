// attack: looks for a cycle among all the containers around each: quadratic
// expect: interrupted
let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a);
