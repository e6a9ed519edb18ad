// attack: a helper that skips infinitely many
// expect: interrupted
[].values.call({ length: 2 ** 53 - 1 }).drop(Infinity).next();
