// attack: each step copies 20 MB to make it one element longer
// expect: interrupted
for (let a = new Uint8Array(20e6), i = 1;; i++) a.slice(i % 7);
