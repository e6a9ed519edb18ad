// attack: few frames, but large ones
// expect: stack
(function f() { return f(...Array(200)); })();
