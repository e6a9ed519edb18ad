// attack: resolving reads a getter, whose exception becomes a rejection
// expect: interrupted
for (;;) Promise.resolve({ get then() { for (;;); } });
