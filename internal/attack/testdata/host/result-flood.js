// attack: 1 MB from the host with each call
// expect: interrupted
for (;;) host.text(1e6);
