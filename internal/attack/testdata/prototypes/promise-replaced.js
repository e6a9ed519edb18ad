// attack: what await and import might look up is gone or lies
// expect: value 1
// run: await
Promise.prototype.then = () => { for (;;); }; Promise.resolve = null; globalThis.Promise = null; (async () => 1)();
