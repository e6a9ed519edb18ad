// attack: a Map with keys that Go cannot compare
// expect: value slice of 5
// run: export
new Map([[NaN, 1], [[], 2], [{ a: 1 }, 3], [-0, 4], [new Uint8Array(9), 5]]);
