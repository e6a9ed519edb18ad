// attack: each race leaves a reaction on a promise that never settles
// limits: memory=24MiB
// expect: memory
{ const never = new Promise(() => { }); for (;;) Promise.race([never, 1]); }
