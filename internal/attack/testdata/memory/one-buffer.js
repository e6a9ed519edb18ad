// attack: more than the limit in one allocation
// expect: memory
new ArrayBuffer(1 << 30);
