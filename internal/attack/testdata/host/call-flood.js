// attack: calls the host as fast as it can
// expect: interrupted
for (;;) host.nop();
