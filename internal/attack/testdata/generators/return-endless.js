// attack: closing an iterator runs its return, which never returns
// expect: interrupted
for (const x of { [Symbol.iterator]: () => ({ next: () => ({}), return() { for (;;); } }) }) break;
