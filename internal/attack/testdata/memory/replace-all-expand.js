// attack: every character becomes a thousand
// expect: memory
'x'.repeat(1e6).replaceAll('x', 'y'.repeat(1000));
