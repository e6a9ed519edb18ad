// attack: each job adds the next
// expect: interrupted
// run: jobs
(function f() { Promise.resolve().then(f); })();
