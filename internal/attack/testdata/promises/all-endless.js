// attack: waits for what an iterator never stops giving
// expect: memory
// run: await
Promise.all((function* () { for (;;) yield 1; })());
