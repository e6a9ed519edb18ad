// attack: grows a buffer in place up to a maximum beyond the limit
// expect: memory
const b = new ArrayBuffer(1, { maxByteLength: 2 ** 31 - 1 }); for (let n = 1;; n *= 2) b.resize(n);
