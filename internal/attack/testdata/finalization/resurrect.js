// attack: cleanup callbacks that reach for what is gone
// expect: value 0
// run: gc jobs
globalThis.all = []; const r = new FinalizationRegistry(w => all.push(w.deref())); for (let i = 0; i < 100; i++) { const o = { o: null }; o.o = o; r.register(o, new WeakRef(o)); } all.length;
