// attack: a bound function that brings thousands of arguments to each call
// expect: interrupted
const f = Math.max.bind(null, ...Array(20000).fill(1)); for (;;) f();
