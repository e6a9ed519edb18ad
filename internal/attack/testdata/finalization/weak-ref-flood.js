// attack: many weak references to one object, and one to each of many
// expect: interrupted
for (let o = {};; o = {}) { new WeakRef(o); const w = new WeakRef({}); w.deref(); }
