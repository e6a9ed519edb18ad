// attack: an error whose message, name and stack take 30 MB
// expect: error * /^x/
const e = new Error('x'.repeat(1e7)); e.name = 'y'.repeat(1e7); e.stack = 'z'.repeat(1e7); throw e;
