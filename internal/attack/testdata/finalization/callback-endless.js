// attack: a cleanup callback that never returns
// expect: interrupted
// run: gc jobs
globalThis.r = new FinalizationRegistry(() => { for (;;); }); (() => { r.register({}, 1); })();
