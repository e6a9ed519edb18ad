// attack: pollutes the prototype of everything by data
// expect: value undefined own
const o = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'); `${{}.polluted} ${Object.hasOwn(o, '__proto__') ? 'own' : 'proto'}`;
