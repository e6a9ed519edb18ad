// attack: plain recursion
// expect: stack
(function f() { return f() + 1; })();
