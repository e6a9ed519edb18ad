// attack: each name in a with block asks a Proxy for everything
// expect: interrupted
with (new Proxy({}, { has: () => false })) for (;;) Math;
