// attack: a linked list into a struct
// expect: stack
// run: struct
let o = null; for (let i = 0; i < 1e5; i++) o = { id: i, next: o }; o;
