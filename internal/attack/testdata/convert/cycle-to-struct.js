// attack: a cyclic list into a struct with a pointer
// expect: value *attack.order
// expect: convert
// run: struct
const o = { id: 1 }; o.next = { id: 2, next: o }; o;
