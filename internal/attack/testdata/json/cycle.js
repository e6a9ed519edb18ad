// attack: a structure without end
// expect: error TypeError /circular/
const o = { a: [{}] }; o.a[0].o = o; JSON.stringify(o);
