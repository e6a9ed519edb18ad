// attack: a subclass that settles from the inside of its constructor, again and again
// expect: stack
class P extends Promise { constructor(f) { super(f); this.then(); } } new P(r => r());
