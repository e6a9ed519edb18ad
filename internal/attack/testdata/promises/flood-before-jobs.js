// attack: fills the queue before any job can run
// expect: memory
// after: memory
for (const p = Promise.resolve();;) p.then();
