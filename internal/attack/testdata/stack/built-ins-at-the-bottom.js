// attack: calls natives that need much stack where hardly any is left
// expect: value survived
const all = [() => JSON.stringify([[[{}]]]), () => /(?:a|b)+$/.test('abab'), () => new Error().stack, () => [3, 1, 2].sort(), () => eval('1'),
	() => 'x'.normalize('NFKD'), () => (2n ** 64n).toString(), () => new Date().toString(), () => Promise.resolve().then(), () => new Function(''), () => structuredClone({})];
(function f() { try { f(); } catch { } for (const g of all) try { g(); } catch { } all.length = 0; })();
'survived';
