// attack: thirty arrays of ten million holes each
// expect: convert /holes/
// run: export
Array.from({ length: 30 }, () => { const a = []; a.length = 1e7; return a; });
