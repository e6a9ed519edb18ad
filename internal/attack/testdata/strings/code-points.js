// attack: iterates, spreads and checks surrogates
// expect: interrupted
for (const s = '\ud83d\ude00\ud83d'.repeat(1e6);;) s.toWellFormed().isWellFormed();
