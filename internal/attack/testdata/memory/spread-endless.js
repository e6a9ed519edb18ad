// attack: an array literal that takes what a generator never stops giving
// expect: memory
[...(function* () { for (;;) yield 1; })()];
