// attack: array methods on a Proxy with a length of 2^53, which needs no trap of the script's
// expect: interrupted
[].every.call(new Proxy({ length: 2 ** 53 - 1 }, {}), Boolean);
