// attack: variables that closures capture leave the stack for the heap
// limits: memory=24MiB
// expect: memory
{ const a = []; for (let i = 0;; i++) a.push(() => i); }
