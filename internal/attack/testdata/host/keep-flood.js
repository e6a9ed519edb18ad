// attack: a host that remembers what it is given
// expect: memory
// expect: interrupted
// limits: memory=16MiB
// after: memory
for (;;) host.keep({});
