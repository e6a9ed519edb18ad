// attack: construction through a Proxy of itself
// expect: stack
const P = new Proxy(class { }, { construct: () => new P }); new P;
