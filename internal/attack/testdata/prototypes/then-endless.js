// attack: every object has a then that never returns
// expect: interrupted
// run: await
Object.defineProperty(Object.prototype, 'then', { get() { for (;;); } }); (async () => ({}))();
