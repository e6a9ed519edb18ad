// attack: lists, copies and freezes an object of many properties
// expect: interrupted
{ const o = {}; for (let i = 0; i < 2e4; i++) o['k' + i] = i; for (;;) Object.freeze(Object.fromEntries(Object.entries({ ...o }))); }
