// attack: the same: Has, by way of the prototype
// expect: interrupted
// run: has
Object.create(new Proxy({}, { has() { for (;;); } }));
