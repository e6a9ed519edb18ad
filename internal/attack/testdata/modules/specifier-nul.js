// attack: names with NUL, lone surrogates and path tricks
// expect: value 4
// run: await
(async () => { let n = 0; for (const s of ['a\0b', '\ud800', '../../etc/passwd', 'file:///etc/passwd']) try { await import(s); } catch { n++; } return n; })();
