// attack: clears and refills a Map while iterators are inside of it
// expect: value ok
const m = new Map(Array.from({ length: 100 }, (_, i) => [i, {}])), all = Array.from({ length: 50 }, () => m.entries()); for (const i of all) i.next();
m.forEach(() => { m.clear(); for (let i = 0; m.size < 3 && i < 3; i++) m.set({}, i); for (const i of all) i.next(); if (Math.random() < 2) m.clear(); }); 'ok';
