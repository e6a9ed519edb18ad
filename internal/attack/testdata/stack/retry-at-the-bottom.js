// attack: catches each overflow and recurses again: 2^depth calls
// expect: interrupted
(function f() { try { f(); } catch { f(); } })();
