// attack: doubles an array
// limits: memory=24MiB
// expect: memory
let a = [1]; for (;;) a = a.concat(a);
