// attack: an endless loop two levels below the host, which takes errors for errors
// expect: interrupted
try { host.call(() => { try { host.eval('for (;;);'); } catch { for (;;); } }); } finally { for (;;); }
