// attack: counters and timers that are remembered by name
// expect: memory
// expect: interrupted
for (let i = 0;; i++) { console.count('c'.repeat(1000) + i); console.time('t'.repeat(1000) + i); }
