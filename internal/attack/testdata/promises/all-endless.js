// attack: waits for what an iterator never stops giving
// limits: memory=24MiB
// expect: memory
// run: await
Promise.all((function* () { for (;;) yield 1; })());
