// attack: runs out of memory again while it handles running out of memory
// expect: memory
(() => { const a = [], f = () => { for (;;) a.push({}); }; try { try { f(); } catch { f(); } finally { f(); } } catch { f(); } })();
