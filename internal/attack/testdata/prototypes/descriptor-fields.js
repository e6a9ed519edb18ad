// attack: descriptors inherit get, set and value
// expect: value ok
const f = () => { for (;;); }; for (const k of ['writable', 'enumerable', 'configurable']) Object.prototype[k] = true; Object.prototype.set = Object.prototype.get = undefined; host.any({ a: 1 }); host.make(); class C { static x = 1; get y() { } } 'ok';
