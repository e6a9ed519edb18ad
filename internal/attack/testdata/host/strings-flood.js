// attack: copies 1 MB to the host with each call
// expect: interrupted
for (const s = 'x'.repeat(1e6);;) host.size(s);
