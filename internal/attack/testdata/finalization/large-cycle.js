// attack: one cycle of half a million objects for the collector
// expect: value ok
// limits: memory=128MiB
// run: gc
{ let first = {}, o = first; for (let i = 0; i < 3e5; i++) o = { o }; first.o = o; } 'ok';
