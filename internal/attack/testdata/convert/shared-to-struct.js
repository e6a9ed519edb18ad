// attack: a shared object that must be decoded into a struct again and again
// expect: value *attack.order
// expect: convert
// run: struct
let x = { k: 'v'.repeat(1000) }, o = null; for (let i = 0; i < 200; i++) o = { extra: { x, y: { x } }, notes: Array(100).fill('n'), next: o }; o;
