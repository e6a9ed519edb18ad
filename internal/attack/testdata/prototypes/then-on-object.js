// attack: every object becomes a thenable that never calls back
// expect: unsettled
// run: await
Object.prototype.then = function () { }; (async () => ({}))();
