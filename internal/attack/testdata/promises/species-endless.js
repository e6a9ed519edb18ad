// attack: a species getter that never returns, in a job
// expect: interrupted
// run: jobs
const p = Promise.resolve(); Object.defineProperty(p, 'constructor', { get() { for (;;); } }); queueMicrotask(() => { for (;;) try { p.then(); } catch { } });
