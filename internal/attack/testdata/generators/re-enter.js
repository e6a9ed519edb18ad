// attack: a generator that resumes itself
// expect: error TypeError /running/
const g = (function* () { g.next(); yield 1; })(); g.next();
