// attack: a promise that waits for itself
// expect: error TypeError /self resolution/
// run: await
let r; const p = new Promise(f => r = f); r(p); p;
