// attack: the native iterators' next is replaced
// expect: interrupted
Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: false }); for (const x of []);
