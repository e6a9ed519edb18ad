// attack: copies between views of different types on the same memory
// expect: interrupted
for (const b = new ArrayBuffer(24e6), a = new Uint8Array(b, 0, 3e6), f = new Float64Array(b);;) f.set(a);
