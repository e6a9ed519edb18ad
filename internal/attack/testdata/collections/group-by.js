// attack: as many groups as elements
// expect: memory
Object.groupBy((function* () { for (let i = 0;; i++) yield i; })(), i => 'g' + i);
