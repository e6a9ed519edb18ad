// Deep, cyclic and huge values: bounded, quick, and no script code runs.
let deep = {}; for (let i = 0; i < 10000; i++) deep = { deep }; console.log(deep);
let arr = []; for (let i = 0; i < 10000; i++) arr = [arr]; console.log(arr);
let proxy = { a: 1 }; for (let i = 0; i < 10000; i++) proxy = new Proxy(proxy, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); } });
console.log(proxy, [proxy]);
const inner = Proxy.revocable({}, {}), outer = new Proxy(inner.proxy, {}); inner.revoke(); console.log(outer, { outer });
let chain = {}; for (let i = 0; i < 10000; i++) chain = Object.create(chain); console.log(chain);
let map = new Map(); for (let i = 0; i < 5000; i++) map = new Map([[map, i]]); console.log(map);
const far = []; far[4294967294] = 1; console.log(far); console.table(far.slice(0, 0));
console.log(new Array(1e6).fill(0).length, new Uint8Array(1e6), new Array(1e6).fill('x').fill('y', 3, 9));
const set = new Set(); set.add(set).add([set]).add(new Map([[set, set]])); console.log(set);
console.log([new DataView(new ArrayBuffer(8), 2), 'x'.repeat(20000).length, ['q'.repeat(10005)]]);
for (let i = 0; i < 1500; i++) console.group(); for (let i = 0; i < 3000; i++) console.groupEnd(); console.log('still here');
