// attack: settles a chain of a hundred thousand promises that resolve each other
// expect: value 1
// run: await
let p = Promise.resolve(1); for (let i = 0; i < 3e4; i++) { const q = p; p = (async () => q)(); } p;
