// attack: a module that throws is remembered with what it threw
// expect: value same
// run: await
(async () => { const all = []; for (let i = 0; i < 3; i++) try { await import('a'); } catch (e) { all.push(e); } return all[0] === all[2] ? 'same' : 'different'; })();
// module: a
throw {};
