// attack: copies 20 MB to the host with each call
// expect: interrupted
for (const s = 'x'.repeat(2e7);;) host.size(s);
