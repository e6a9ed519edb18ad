// attack: an object that grows its hash table and names new atoms
// limits: memory=24MiB
// expect: memory
{ const o = {}; for (let i = 0;; i++) o['k' + i] = i; }
