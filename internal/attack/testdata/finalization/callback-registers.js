// attack: each cleanup makes more to clean up
// expect: interrupted
// run: gc jobs
globalThis.r = new FinalizationRegistry(n => { for (let i = 0; i < 2; i++) r.register({}, n + 1); }); r.register({}, 0);
queueMicrotask(function f() { queueMicrotask(f); });
