// attack: a Proxy that is its own handler
// expect: stack
const h = {}, p = new Proxy({}, h); Object.setPrototypeOf(h, p); p.x;
