// attack: makes the rope anew after each read, so that each read flattens it
// expect: interrupted
for (let s = 'x'.repeat(1 << 22), i = 0;; i++) (s + i)[i % 100];
