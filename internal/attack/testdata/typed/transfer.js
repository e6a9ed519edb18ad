// attack: moves 30 MB to a buffer of another size and back
// expect: interrupted
for (let b = new ArrayBuffer(20e6);;) b = b.transfer(20e6 + b.byteLength % 2);
