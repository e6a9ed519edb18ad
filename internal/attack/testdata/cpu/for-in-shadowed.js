// attack: for-in looks for each key in all prototypes below it
// expect: interrupted
let o = null; for (let i = 0; i < 60; i++) { o = Object.create(o); for (let j = 0; j < 500; j++) o['k' + j] = j; }
for (;;) for (const k in o);
