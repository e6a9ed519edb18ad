// attack: each job adds two
// limits: memory=24MiB
// expect: memory
// after: memory
// run: jobs
(function f() { queueMicrotask(f); queueMicrotask(f); })();
