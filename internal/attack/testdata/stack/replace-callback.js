// attack: recursion through the regular expression engine
// expect: stack
(function f() { 'a'.replace(/a/, f); })();
