// attack: the plainest way to use all memory
// expect: memory
{ const a = []; for (;;) a.push(a.length, {}); }
