// attack: each job adds two
// expect: memory
// run: jobs
(function f() { queueMicrotask(f); queueMicrotask(f); })();
