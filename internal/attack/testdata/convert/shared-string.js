// attack: a thousand references to one string are a thousand copies
// expect: convert
// expect: memory
// run: export
Array(1000).fill('x'.repeat(10 << 20));
