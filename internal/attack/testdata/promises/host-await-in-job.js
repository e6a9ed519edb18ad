// attack: the host waits, inside of a job, for the promise of that very job
// expect: error Error /cannot settle/
// run: await
const p = (async () => { await 0; return host.await(p); })(); p;
