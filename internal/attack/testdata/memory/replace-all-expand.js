// attack: every character becomes a thousand
// expect: memory
// expect: interrupted
'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1000));
