// attack: the host waits, inside of a job, for the promise of that very job
// expect: unsettled
// run: await
const p = (async () => { await 0; return host.await(p); })(); p;
