// attack: keys that hash alike
// expect: interrupted
for (const m = new Map, b = new BigInt64Array(1), f = new Float64Array(b.buffer), i = { n: 0n };; i.n++) { b[0] = 0x3ff0000000000000n + (i.n << 32n) + (-i.n & 0xffffffffn); m.set(f[0], 0); if (m.size > 2e5) m.clear(); }
