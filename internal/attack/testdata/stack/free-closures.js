// attack: the same with a chain of closures, generators and bound functions
// expect: value undefined
let f = () => 0; for (let i = 0; i < 5e4; i++) { const g = f, h = (function* () { yield g; })(); h.next(); f = (() => h).bind(g); Object.defineProperty(f, 'name', { value: '' }); } f = undefined;
