// attack: and back, with escapes as long as they get
// expect: interrupted
for (const s = '%F0%9F%98%80'.repeat(2e5);;) decodeURIComponent(s);
