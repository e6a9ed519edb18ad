// attack: each character becomes six
// expect: interrupted
// expect: memory
for (;;) JSON.stringify('\u0001'.repeat(1e6));
