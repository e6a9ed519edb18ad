// attack: instanceof that asks itself
// expect: stack
class C { static [Symbol.hasInstance](x) { return x instanceof C; } } 1 instanceof C;
