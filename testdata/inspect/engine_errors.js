// Messages of this engine: hand-checked, not compared with Node.
Error.stackTraceLimit = 0;
try { null.x; } catch (e) { console.log(e); }
try { undefinedName; } catch (e) { console.log([e]); }
try { (() => 1)()(); } catch (e) { console.log({ e }); }
try { JSON.parse('{'); } catch (e) { console.log(e.name, e instanceof SyntaxError); }
class Name extends Error { get name() { throw new Error('ran'); } } console.log(new Name('accessor name'));
class Tag extends Error { get [Symbol.toStringTag]() { throw new Error('ran'); } } console.log(new Tag('accessor tag'));
console.log(Object.assign(new Error('e'), { get: 1 }), Object.defineProperty(new Error('e'), 'cause', { get() { throw new Error('ran'); } }));
console.log(new DOMException('gone', 'AbortError'));
console.log('%s', { toString() { throw new Error('ran'); } }, { x: 1 }); console.log('%d %i %f', { valueOf() { throw new Error('ran'); } }, [], {}); console.log('%j', { toJSON() { throw new Error('ran'); } }); console.log('%j', 1n, new Date(0));
console.log(Object.defineProperty(new (class Tagged { get [Symbol.toStringTag]() { throw new Error('ran'); } })(), 'shown', { value: 1, enumerable: true }));
console.table([{ get a() { throw new Error('ran'); }, b: 1 }]); console.table({ get row() { throw new Error('ran'); } });
const buf = new ArrayBuffer(8), view = new DataView(buf, 2); if (buf.transfer) buf.transfer(); console.log(view.constructor.name, [buf], view);
