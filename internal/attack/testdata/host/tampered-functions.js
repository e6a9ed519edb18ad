// attack: takes host functions apart for a handle or a way out
// expect: value native TypeError undefined
const f = host.nop; delete f.name; delete f.length; Object.setPrototypeOf(f, null); Object.defineProperty(f, 'call', { get() { for (;;); } });
let e; try { new host.nop; } catch (x) { e = x.name; } `${/native code/.test(Function.prototype.toString.call(f)) ? 'native' : ''} ${e} ${Object.assign(f)()}`;
