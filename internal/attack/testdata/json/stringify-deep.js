// attack: recursion in the printer, which looks for a cycle among all the containers around
// expect: stack
let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a);
