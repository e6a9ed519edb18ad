// attack: hopes for a thrown null, or an error that no handler can tell from any other
// limits: memory=24MiB
// expect: value InternalError out of memory true
try { for (const a = [];;) a.push('x'.repeat(1e5) + a.length); } catch (e) { `${e.name} ${e.message} ${e.stack.length > 0}`; }
