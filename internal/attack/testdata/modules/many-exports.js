// attack: each export is looked up among all others
// expect: interrupted
// expect: value 0
host.eval(''); (async () => { for (;;) await 0; })(); const code = Array.from({ length: 2e4 }, (_, i) => `export let v${i};`).join(''); for (;;) try { eval(code); } catch { new Function(code.replaceAll('export ', '')); }
