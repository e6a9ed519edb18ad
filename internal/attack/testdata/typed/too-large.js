// attack: lengths that overflow
// expect: value RangeErrorRangeErrorRangeErrorRangeError
[() => new Float64Array(2 ** 53), () => new Uint8Array(-1), () => new Float64Array(new ArrayBuffer(8), 16), () => new DataView(new ArrayBuffer(8), 4, 2 ** 32)].map(f => { try { f(); } catch (e) { return e.name; } }).join('');
