// attack: characters that become eighteen
// expect: interrupted
// expect: memory
for (;;) '\ufdfa'.repeat(1e5).normalize('NFKD');
