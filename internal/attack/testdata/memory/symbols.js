// attack: registered symbols live in a table of the engine's, not in any object
// limits: memory=8MiB
// expect: memory
{ const a = []; for (let i = 0;; i++) a.push(Symbol.for('s' + i)); }
