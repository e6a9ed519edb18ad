// attack: the same where the stack is the least there is
// expect: stack
// limits: stack=64KiB
(function f(o) { JSON.stringify({ toJSON: f }); })();
