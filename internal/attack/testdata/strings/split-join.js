// attack: takes a large string apart and puts it together
// expect: interrupted
for (const s = 'a,'.repeat(3e5);;) s.split(',').join(',');
