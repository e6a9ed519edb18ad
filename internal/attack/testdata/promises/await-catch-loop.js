// attack: catches each rejection and awaits again
// expect: interrupted
// run: await
(async () => { for (;;) try { await Promise.reject(); } catch { } finally { await null; } })();
