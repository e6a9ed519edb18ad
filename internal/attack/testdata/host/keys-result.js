// attack: the same: Keys, a million of them
// expect: interrupted
// run: keys
new Proxy({}, { ownKeys: () => { for (;;) 'x'.split(''); } });
