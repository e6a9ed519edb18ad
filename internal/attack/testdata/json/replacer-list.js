// attack: a list of keys that is checked for duplicates
// expect: interrupted
for (const l = Array.from({ length: 2e5 }, (_, i) => 'k' + i);;) JSON.stringify({}, l);
