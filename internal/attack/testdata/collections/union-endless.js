// attack: a union with what never ends
// limits: memory=24MiB
// expect: memory
new Set().union({ size: 1, has() { }, keys: function* () { for (let i = 0;; i++) yield i; } });
