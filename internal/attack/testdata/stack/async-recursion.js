// attack: an async function's overflow becomes a rejection
// expect: stack
// run: await
(async function f() { await f(); })();
