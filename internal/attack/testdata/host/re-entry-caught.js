// attack: catches the overflow on each level and goes down again by way of the host
// expect: interrupted
(function f() { try { host.call(f); } catch { host.call(f); } })();
