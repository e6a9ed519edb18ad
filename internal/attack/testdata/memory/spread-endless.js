// attack: an array literal that takes what a generator never stops giving
// limits: memory=24MiB
// expect: memory
[...(function* () { for (;;) yield 1; })()];
