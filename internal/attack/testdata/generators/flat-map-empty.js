// attack: looks for an element in infinitely many empty arrays
// expect: interrupted
[].keys.call({ length: 2 ** 53 - 1 }).flatMap(Array).filter(Boolean).toArray();
