// attack: await looks at the constructor of a promise
// expect: interrupted
// run: await
(async () => { Object.defineProperty(Promise.prototype, 'constructor', { get() { for (;;); } }); await (async () => 1)(); })();
