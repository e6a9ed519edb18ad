// attack: the same from the far end, by property lookups instead of reads
// expect: interrupted
[].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1);
