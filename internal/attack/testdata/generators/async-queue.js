// attack: requests to an async generator are queued
// expect: memory
{ const g = (async function* () { await new Promise(() => { }); })(); for (;;) g.next(); }
