// attack: moves 2^53 holes down by one
// expect: interrupted
[].shift.call({ length: 2 ** 53 - 1 });
