// attack: a graph goes to Go and back and becomes larger each time
// expect: interrupted
// expect: memory
{ let x = [1]; for (;;) x = host.any([x, x.length, { x: 'y'.repeat(1000) }]); }
