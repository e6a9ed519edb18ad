// attack: imports what is not there, for all eternity
// expect: interrupted
// run: await
(async () => { for (;;) try { await import('missing'); } catch { } })();
