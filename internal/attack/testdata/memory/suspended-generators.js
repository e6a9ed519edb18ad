// attack: each suspended generator keeps a stack frame
// limits: memory=24MiB
// expect: memory
{ const a = []; function* g(...all) { yield 1; } for (;;) { const x = g(...Array(1000)); x.next(); a.push(x); } }
