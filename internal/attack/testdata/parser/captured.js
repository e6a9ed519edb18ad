// attack: variables that are captured through hundreds of functions
// expect: interrupted
// expect: stack
for (;;) new Function(Array.from({ length: 100 }, (_, i) => `var v${i};function f${i}(){`).join('') + Array.from({ length: 100 }, (_, i) => `v${i};`).join('').repeat(20) + '}'.repeat(100));
