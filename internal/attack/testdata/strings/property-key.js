// attack: a key of 10 MB is hashed and compared as a name
// expect: interrupted
for (let o = {}, s = 'k'.repeat(1e7), i = 0;; i++) o[s + i % 2] = delete o[s + (i + 1) % 2];
