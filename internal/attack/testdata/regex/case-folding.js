// attack: folds the case of millions of characters, with a huge class
// expect: interrupted
for (const s = '\u1e9e\u0130'.repeat(5e5);;) /[^\p{L}\p{Lu}\u{10000}-\u{10ffff}]$/iu.test(s);
