// attack: writes to a namespace and its meta object, and asks for what is not initialised
// expect: error ReferenceError
// run: module
import * as me from 'tamper'; export { me };
// module: tamper
import * as self from 'tamper';
try { self.x = 1; } catch { } try { Object.defineProperty(self, 'x', { value: 1 }); } catch { } import.meta.url = { toString() { for (;;); } };
self.x;
export let x = 1;
