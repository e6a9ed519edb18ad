// attack: a job asks the host to run jobs, which ask again
// expect: interrupted
// run: await
(async function f() { await 0; f(); host.jobs(); })();
