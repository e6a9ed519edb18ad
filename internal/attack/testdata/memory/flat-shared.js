// attack: thirty levels of two references are a billion elements when flattened
// limits: memory=24MiB
// expect: memory
let a = [1]; for (let i = 0; i < 30; i++) a = [a, a]; a.flat(Infinity);
