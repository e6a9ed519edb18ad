// attack: forty levels of two references print as 2^40 values
// expect: interrupted
// expect: memory
let a = []; for (let i = 0; i < 40; i++) a = [a, a]; JSON.stringify(a);
