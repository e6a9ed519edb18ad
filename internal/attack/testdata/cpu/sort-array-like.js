// attack: sort first collects what is there, and nothing is
// expect: interrupted
[].sort.call({ length: 2 ** 53 - 1 });
