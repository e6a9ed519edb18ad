// attack: each lookup of a missing property walks 100,000 prototypes
// expect: interrupted
let o = {}; for (let i = 0; i < 1e5; i++) o = Object.create(o);
for (;;) o.missing;
