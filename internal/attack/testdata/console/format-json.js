// attack: a directive that prints as JSON what never ends
// expect: interrupted
for (;;) console.log('%j', { toJSON() { for (;;); } }, '%s', { toString() { for (;;); } });
