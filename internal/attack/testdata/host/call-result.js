// attack: the result is a function that returns an endless function
// expect: interrupted
// run: call call
() => function () { for (;;) arguments; };
