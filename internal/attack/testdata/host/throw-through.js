// attack: exceptions that cross the boundary on each level, wrapped each time
// expect: error Error
(function f(n) { if (n) try { host.call(f, n - 1); } catch (e) { throw new Error('at ' + n, { cause: e }); } else throw new Error('deepest'); })(60);
