// attack: backing stores are not objects of the heap, but count
// expect: memory
{ const a = []; for (;;) a.push(new ArrayBuffer(1 << 20)); }
