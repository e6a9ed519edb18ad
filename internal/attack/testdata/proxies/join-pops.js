// attack: an element's toString frees the elements that come after it
// expect: value x,,
const a = [{ toString() { a.length = 0; a.push({}, {}, {}); a.length = 1; return 'x'; } }, { a: 1 }, { b: 1 }]; a.join();
