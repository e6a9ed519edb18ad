// attack: a limit for stack traces that is no number and does not end
// expect: error TypeError
Object.defineProperty(Error, 'stackTraceLimit', { get() { for (;;); } }); Error.stackTraceLimit = 1e9; Object.defineProperty(Error.prototype, 'stack', { set() { for (;;); } }); null.x;
