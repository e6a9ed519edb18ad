// attack: an error with causes, aggregates and cycles
// expect: value undefined
let e = new AggregateError(Array(100).fill(new Error('x'))); for (let i = 0; i < 5000; i++) e = new Error('x', { cause: e }); e.cause.cause.cause = e; console.log(e); console.trace(e);
