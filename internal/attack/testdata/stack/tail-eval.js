// attack: each level compiles the next
// expect: stack
(function f() { eval('f()'); })();
