// attack: fills the rest with ever smaller pieces and then loops with nothing left
// expect: interrupted
// limits: memory=8MiB
// after: memory
globalThis.a = [];
for (let n = 1 << 20; n > 8; n >>= 1) try { for (;;) a.push(new Uint8Array(n)); } catch { }
for (;;) try { for (;;); } catch { }
