// attack: a constructor that never gets to its own end
// expect: stack
class C { x = new C; } new C;
