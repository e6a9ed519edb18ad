// attack: views are remembered by their buffer
// expect: memory
{ const b = new ArrayBuffer(8), a = []; for (;;) a.push(new Uint8Array(b)); }
