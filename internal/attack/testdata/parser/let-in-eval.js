// attack: global declarations that stay, with each evaluation
// expect: interrupted
// expect: memory
for (let i = 0;; i++) host.eval(`let g${i} = 1; function f${i}() {}`);
