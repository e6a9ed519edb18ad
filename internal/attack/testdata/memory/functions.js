// attack: compiled code is memory too
// expect: memory
// limits: memory=8MiB
{ const a = []; for (let i = 0;; i++) a.push(new Function('a', 'b', 'return a + b + ' + i)); }
