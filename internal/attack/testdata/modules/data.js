// attack: data that is no JSON, no module and no type
// expect: value 3
// run: await
(async () => { let n = 0; for (const type of ['json', 'nonsense', 'javascript']) try { await import('data', { with: { type } }); } catch { n++; } return n; })();
// module: data
{"__proto__": [[[[[[
