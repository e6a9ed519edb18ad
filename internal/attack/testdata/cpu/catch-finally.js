// attack: catches whatever stops it and goes on in finally
// expect: interrupted
for (;;) { try { for (;;); } catch { } finally { continue; } }
