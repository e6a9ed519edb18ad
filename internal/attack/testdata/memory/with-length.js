// attack: a copying method allocates for all elements at once
// expect: memory
[].with.call({ length: 2 ** 26 }, 0, 1);
