// attack: frees every other block and asks for larger ones
// expect: memory
{ const keep = []; for (let n = 16;; n = n * 2 % 65521 + 8) { const drop = []; for (let i = 0; i < 100; i++) { keep.push(new Uint8Array(n)); drop.push(new Uint8Array(n)); } } }
