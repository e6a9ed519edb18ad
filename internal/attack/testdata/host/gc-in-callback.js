// attack: collects, and looks at statistics, in the middle of everything
// expect: interrupted
for (;;) [{}, {}].sort(() => (host.gc(), host.stats()));
