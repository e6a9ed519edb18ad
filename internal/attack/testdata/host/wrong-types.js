// attack: what no parameter wants
// expect: value 11
let n = 0; for (const [f, x] of [['add', Symbol()], ['add', 1n], ['size', {}], ['bytes', 'x'], ['order', 1], ['order', { id: 1.5 }], ['list', [1, 'x']], ['time', NaN], ['func', 1], ['get', 1], ['text', -1e300]])
	try { host[f](x, x); } catch { n++; } n;
