// attack: one settled promise with thirty thousand reactions
// expect: value 30000
// run: await
let r; const p = new Promise(f => r = f); const a = Promise.all(Array(3e4).fill(p)).then(x => x.length); r(1); a;
