// attack: each race leaves a reaction on a promise that never settles
// expect: memory
{ const never = new Promise(() => { }); for (;;) Promise.race([never, 1]); }
