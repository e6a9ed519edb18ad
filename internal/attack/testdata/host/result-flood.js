// attack: 10 MB from the host with each call
// expect: interrupted
for (;;) host.text(1e7);
