// attack: errors in data, with causes in a cycle
// expect: value slice of 2
// run: export
const e = new Error('a', { cause: 1 }); e.cause = [e]; [e, new AggregateError([e, e])];
