// attack: a typed array is resized by the source that is being copied into it
// expect: value ok
const b = new ArrayBuffer(1000, { maxByteLength: 1000 }), t = new Uint8Array(b);
try { t.set({ length: 1000, get 5() { b.resize(0); new Uint8Array(1e5).fill(7); return 1; } }); } catch { }
try { new DataView(b).setFloat64({ valueOf() { b.resize(0); return 0; } }, { valueOf() { b.resize(0); return 1; } }); } catch { } 'ok';
