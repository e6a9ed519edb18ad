// attack: an async function that always comes back
// expect: interrupted
// run: await
(async () => { for (;;) await 0; })();
