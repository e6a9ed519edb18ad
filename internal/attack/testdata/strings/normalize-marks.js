// attack: a million combining marks to put in order
// expect: interrupted
for (;;) ('a' + '\u0315\u0300\u05ae'.repeat(1e5)).normalize('NFC');
