// attack: a set-like whose keys never end
// expect: interrupted
new Set([1]).isSupersetOf({ size: 0, has: () => true, keys: () => ({ next: () => ({ value: 1 }) }) });
