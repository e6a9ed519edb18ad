// attack: one settled promise with a hundred thousand reactions
// expect: value 100000
// run: await
let r; const p = new Promise(f => r = f); const a = Promise.all(Array(1e5).fill(p)).then(x => x.length); r(1); a;
