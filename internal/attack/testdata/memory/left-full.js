// attack: keeps all memory in a global when it ends
// expect: memory
// limits: memory=8MiB
// after: memory
globalThis.a = []; for (let n = 1 << 16;; n = n >> 1 || 1) try { for (;;) a.push(Array(n).fill(0)); } catch (e) { if (n < 2) throw e; }
