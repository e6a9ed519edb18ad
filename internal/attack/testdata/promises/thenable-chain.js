// attack: a thenable that resolves to a thenable, and so on
// expect: interrupted
// run: await
const t = () => ({ then(f) { f(t()); } }); Promise.resolve(t());
