// attack: a number of a million digits
// expect: interrupted
for (const s = '-' + '1'.repeat(1e6) + 'e-' + '9'.repeat(100);;) JSON.parse(s);
