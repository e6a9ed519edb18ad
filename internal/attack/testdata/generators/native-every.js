// attack: native iterator, native callback: no script code runs
// expect: interrupted
[].values.call({ length: 2 ** 53 - 1 }).find(Boolean);
