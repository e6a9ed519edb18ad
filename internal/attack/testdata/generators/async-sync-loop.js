// attack: an async generator that never awaits: its exception becomes a rejection
// expect: interrupted
(async function* () { for (;;); })().next().catch(() => { for (;;); }); 0;
