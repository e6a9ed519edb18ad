// qjswasm run examples/scripts/table.js
const runs = [
    { test: "sort", ms: [31, 29, 35] },
    { test: "regexp", ms: [12, 11, 15] },
    { test: "closures", ms: [8, 9, 8] },
];
const rows = runs.map(({ test, ms }) => ({
    test,
    best: Math.min(...ms),
    mean: +(ms.reduce((a, b) => a + b) / ms.length).toFixed(1),
}));
console.table(rows);
console.table(new Map(rows.map(({ test, best }) => [test, best])));
console.log({ slowest: rows.toSorted((a, b) => b.mean - a.mean)[0], tests: new Set(rows.map((r) => r.test)) });
