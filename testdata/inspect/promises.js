console.log(Promise.resolve(1), new Promise(() => {}), Promise.resolve({ a: [1, { b: {} }] }), Promise.resolve());
const rejected = Promise.reject(5); rejected.catch(() => {});
console.log(rejected, [rejected], { a: { b: { c: Promise.resolve(1), d: Promise.resolve(new Map([[1, { x: 1 }]])) } } });
console.log(Object.assign(Promise.resolve('s'), { extra: 1 }));
class P extends Promise {} console.log(P.resolve(1));
(async () => { console.log((async () => 1)(), await 1); })();
