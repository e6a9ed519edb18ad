// attack: for await over what always has more
// expect: interrupted
// run: await
(async () => { for await (const x of (async function* () { for (;;) yield 1; })()); })();
