// attack: a typed array of an endless iterable
// limits: memory=24MiB
// expect: memory
Uint8Array.from((function* () { for (;;) yield 1; })());
