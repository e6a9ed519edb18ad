// attack: as many groups as elements
// limits: memory=24MiB
// expect: memory
Object.groupBy((function* () { for (let i = 0;; i++) yield i; })(), i => 'g' + i);
