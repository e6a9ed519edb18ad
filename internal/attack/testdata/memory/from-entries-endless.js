// attack: an object from endless entries
// limits: memory=8MiB
// expect: memory
Object.fromEntries((function* () { for (let i = 0;; i++) yield ['k' + i, i]; })());
