// attack: a generator that delegates to an iterator which has nothing and never ends
// expect: interrupted
[...(function* () { yield* { [Symbol.iterator]() { return this; }, next: () => ({ get done() { return false; } }) }; })()].length;
