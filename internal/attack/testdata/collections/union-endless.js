// attack: a union with what never ends
// expect: memory
new Set().union({ size: 1, has() { }, keys: function* () { for (let i = 0;; i++) yield i; } });
