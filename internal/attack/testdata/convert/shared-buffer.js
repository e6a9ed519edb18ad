// attack: a thousand views of one large buffer are a thousand copies
// expect: convert
// expect: memory
// run: export
const b = new ArrayBuffer(10 << 20); Array.from({ length: 1000 }, () => new Uint8Array(b));
