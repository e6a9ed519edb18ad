// attack: a number of three hundred thousand digits
// expect: value 1000001
// run: call
const x = host.any(1n << 1000000n); () => x.toString(2).length;
