// Catches everything and goes on for ever: an interruption cannot be caught.
(() => {
    for (;;) {
        try { while (true); } catch { } finally { continue; }
    }
})
