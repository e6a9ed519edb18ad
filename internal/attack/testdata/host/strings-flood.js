// attack: copies 5 MB to the host with each call
// expect: interrupted
for (const s = 'x'.repeat(5e6);;) host.size(s);
