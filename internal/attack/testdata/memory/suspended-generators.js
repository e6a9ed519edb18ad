// attack: each suspended generator keeps a stack frame
// expect: memory
{ const a = []; function* g(...all) { yield 1; } for (;;) { const x = g(...Array(1000)); x.next(); a.push(x); } }
