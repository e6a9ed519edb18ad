// attack: asynchronous host functions without end
// expect: interrupted
// run: await
(async () => { for (;;) await Promise.all([1, 2, 3].map(host.later)); })();
