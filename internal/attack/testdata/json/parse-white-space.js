// attack: 20 MB of nothing
// expect: interrupted
for (const s = ' \n'.repeat(1e7) + '1';;) JSON.parse(s);
