// attack: fills the queue before any job can run
// expect: memory
for (const p = Promise.resolve();;) p.then();
