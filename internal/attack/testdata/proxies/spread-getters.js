// attack: an object spread whose getter adds getters
// expect: value ok
const o = { get a() { for (let i = 0; i < 1000; i++) Object.defineProperty(o, 'g' + i, { get() { delete o['g' + (i + 1)]; }, enumerable: true, configurable: true }); } }; ({ ...o }); Object.assign({}, o); Object.entries(o); 'ok';
