// attack: generators that delegate to themselves
// expect: stack
(function* g() { yield* g(); })().next();
