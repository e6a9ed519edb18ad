// attack: host functions that die as fast as they are made
// expect: interrupted
for (;;) host.make();
