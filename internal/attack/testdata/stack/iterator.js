// attack: an iterable whose iteration iterates it
// expect: stack
const o = { [Symbol.iterator]() { return [...o]; } }; [...o];
