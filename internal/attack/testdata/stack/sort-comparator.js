// attack: native, script, native, script
// expect: stack
(function f() { [2, 1].sort(f); })();
