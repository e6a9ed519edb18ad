// attack: lastIndex is an object whose conversion recompiles the pattern that is being run
// expect: value done
for (let i = 0; i < 100; i++) { const r = /(a)|b/g; r.lastIndex = { valueOf() { r.compile('(((c)))*'.repeat(20)); return 0; } }; r.exec('aaa'); r[Symbol.replace]('ccc', 'x'); }
'done';
