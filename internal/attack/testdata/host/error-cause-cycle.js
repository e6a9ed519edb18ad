// attack: an error that is its own cause
// expect: error Error /top/
const e = new Error('top'); e.cause = new Error('x', { cause: e }); throw e;
