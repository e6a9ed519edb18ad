// attack: a large live heap, and garbage that makes the collector walk it again and again
// expect: interrupted
{ const live = []; for (let i = 0; i < 1.5e5; i++) live.push({ i }); for (;;) { const a = {}; a.a = { a }; } }
