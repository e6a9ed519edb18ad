// attack: names that are used once must not stay
// expect: interrupted
for (let i = 0, o = {};; i++) { o['k' + i] = i; delete o['k' + i]; }
