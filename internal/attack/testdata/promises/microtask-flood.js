// attack: each job adds two
// expect: memory
// after: memory
// run: jobs
(function f() { queueMicrotask(f); queueMicrotask(f); })();
