// attack: looks for each of many names through many scopes
// expect: interrupted
// expect: stack
for (;;) new Function('{let a;'.repeat(200) + 'b;'.repeat(2e4) + '}'.repeat(200));
