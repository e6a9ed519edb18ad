// attack: a Proxy that is its own prototype's prototype
// expect: stack
const t = {}, p = new Proxy(t, {}); Object.setPrototypeOf(t, Object.create(p)); p.x;
