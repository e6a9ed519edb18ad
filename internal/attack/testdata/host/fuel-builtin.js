// attack: spends its fuel inside of one built-in
// expect: fuel
// after: fuel
// limits: fuel=1000000
[].includes.call({ length: 2 ** 53 - 1 }, 1);
