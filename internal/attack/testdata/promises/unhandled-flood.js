// attack: rejections that nobody handles: the host hears of each
// expect: interrupted
// run: jobs
for (let i = 0; i < 1e4; i++) Promise.reject(new Error('x'.repeat(100))); (async () => { for (;;) { Promise.reject(); await 0; } })();
