// attack: waits for what an iterator never stops giving
// expect: memory
Promise.all((function* () { for (;;) yield 1; })()); 0;
