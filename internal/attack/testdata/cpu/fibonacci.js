// attack: exponential recursion that stays shallow, so that no other limit stops it
// expect: interrupted
(function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); })(60);
