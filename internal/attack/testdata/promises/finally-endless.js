// attack: a finally handler that returns a promise that has a finally handler
// expect: interrupted
// run: await
const f = () => Promise.resolve().finally(f); f();
