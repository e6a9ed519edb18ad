// attack: the same with a Proxy
// expect: convert /Proxy/
host.order(new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); } }));
