// attack: the host makes a value of each argument
// expect: interrupted
for (const a = Array(30000).fill({});;) host.args(...a);
