// attack: a host that remembers what it is given
// expect: interrupted
// limits: memory=5MiB
// after: memory
for (;;) host.keep({});
