// attack: numbers are memory
// expect: memory
const a = []; for (let x = 1n << 1000000n;;) a.push(x + BigInt(a.length));
