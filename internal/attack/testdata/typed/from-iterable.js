// attack: a typed array of an endless iterable
// expect: memory
Uint8Array.from((function* () { for (;;) yield 1; })());
