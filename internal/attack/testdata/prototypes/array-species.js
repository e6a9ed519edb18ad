// attack: every array method constructs something else
// expect: value ok
Object.defineProperty(Array, Symbol.species, { get: () => function () { return new Proxy([], { defineProperty: () => { throw 1; } }); } }); for (const f of ['map', 'filter', 'slice', 'concat', 'flat', 'splice']) try { [1, 2][f](x => x); } catch { } host.any([1, [2]]); console.log([1]); 'ok';
