// attack: class names, symbols and keys of a megabyte with escapes
// expect: interrupted
for (const s = '\x1b[2J\0\u2028'.repeat(1e5), C = ({ [s]: class { } })[s];;) console.log(new C, { [s]: Symbol(s) }, [s]);
