// attack: what is opened and never closed
// expect: error SyntaxError
for (const s of ['`', '/*', '"', '/[', '`${', '<!--', '#!', 'a\\u{', '{', 'class{']) try { eval(s + 'x'.repeat(1e5)); } catch (e) { if (e.name !== 'SyntaxError' && e.name !== 'ReferenceError') throw e; } eval('`');
