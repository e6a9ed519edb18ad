// attack: searches 2^53 holes for an initial value
// expect: interrupted
[].reduceRight.call({ length: 2 ** 53 - 1 }, () => { });
