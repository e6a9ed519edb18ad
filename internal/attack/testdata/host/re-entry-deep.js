// attack: script, host, script, host: both stacks grow
// expect: stack
(function f() { host.call(f); })();
