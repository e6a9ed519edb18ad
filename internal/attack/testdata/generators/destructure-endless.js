// attack: skips elements of an iterator one by one
// expect: interrupted
for (let i = (function* () { for (;;) yield 1; })();;) { const [, , , , a] = { [Symbol.iterator]: () => i, next: () => i.next() }; }
