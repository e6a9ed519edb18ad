// attack: a fill value whose conversion takes the buffer away
// expect: value 0
const a = new Uint8Array(1 << 20); try { a.fill({ valueOf() { a.buffer.transfer(0); return 1; } }); } catch { } a.length;
