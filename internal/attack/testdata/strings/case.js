// attack: the case of each character may depend on those around it
// expect: interrupted
for (const s = '\u03a3\u0345'.repeat(1e6);;) s.toLowerCase().toUpperCase();
