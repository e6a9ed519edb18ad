// attack: a buffer that shrinks and grows under a thousand views, each of which is brought up to date
// expect: interrupted
const b = new ArrayBuffer(1000, { maxByteLength: 1e6 }), a = Array.from({ length: 2e4 }, () => new Uint8Array(b)); for (let i = 0;; i++) b.resize(i % 2 * 1e6);
