// attack: the same with a Proxy
// expect: error TypeError
host.order(new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); } }));
