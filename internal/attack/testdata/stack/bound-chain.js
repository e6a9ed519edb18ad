// attack: a hundred thousand bound functions around one
// expect: stack
let f = () => 1; for (let i = 0; i < 1e5; i++) { Object.defineProperty(f, 'name', { value: '' }); f = f.bind(null); } f();
