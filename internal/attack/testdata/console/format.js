// attack: a format of a million directives
// expect: interrupted
for (const s = '%s%d%i%f%o%O%c%%'.repeat(1e5);;) console.log(s, ...Array(1000).fill({ a: { b: [1] } }));
