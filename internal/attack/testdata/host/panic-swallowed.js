// attack: hides a host function's panic in everything that hides exceptions
// expect: panic host panic
try { new Promise(() => { try { [1].forEach(host.panic); } finally { for (;;); } }); } catch { } finally { for (;;); }
