// attack: an accessor that deletes and redefines its own property while running
// expect: value 1
const o = { get x() { delete o.x; for (let i = 0; i < 100; i++) o['y' + i] = {}; Object.defineProperty(o, 'x', { value: 1 }); return o.x; } }; o.x;
