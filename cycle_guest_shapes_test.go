package qjswasm_test

// Cycles through what the language has.

var collectionCycles = []cycleShape{
	{
		name: "value of a Map", callables: 1,
		make:   captor("(f, n) => Object.assign(new Map([['f', f]]), { n })"),
		probes: []string{"m => m.get('f')()", "f => f()"},
	},
	{
		name: "key of a Map", callables: 1,
		make:   captor("(f, n) => Object.assign(new Map([[f, 1]]), { n })"),
		probes: []string{"m => [...m.keys()][0]()", "f => f()"},
	},
	{
		name: "Set", callables: 1,
		make:   captor("(f, n) => Object.assign(new Set([f]), { n })"),
		probes: []string{"s => [...s][0]()", "f => f()"},
	},
	{
		// The map is global, and the only thing that knows the key is its value.
		name: "key of a WeakMap", callables: 1, globals: "var weak = new WeakMap()",
		make:   captor("(f, n) => { const key = { n }; weak.set(key, f); return key }"),
		probes: []string{"key => weak.get(key)()", "f => f()"},
	},
	{
		// The key is global, and the only thing that knows the map is its value.
		name: "WeakMap", callables: 1, globals: "var key = {}",
		make:   captor("(f, n) => Object.assign(new WeakMap([[key, f]]), { n })"),
		probes: []string{"m => m.get(key)()", "f => f()"},
	},
	{
		name: "WeakMap and its key", callables: 1,
		make:   captor("(f, n) => { const key = {}; return { key, map: new WeakMap([[key, f]]), n } }"),
		probes: []string{"o => o.map.get(o.key)()", "f => f()"},
	},
	{
		name: "WeakMap and its symbol", callables: 1,
		make:   captor("(f, n) => { const key = Symbol(); return { key, map: new WeakMap([[key, f]]), n } }"),
		probes: []string{"o => o.map.get(o.key)()", "f => f()"},
	},
	{
		name: "value of a WeakMap", callables: 1, globals: "var weak = new WeakMap()",
		make:   captor("(f, n) => { const o = { n, f }; weak.set(f, o); return o }"),
		probes: []string{"o => o.f()", "f => weak.get(f).f()"},
	},
	{
		name: "chain through WeakMaps", callables: 1, globals: "var weak = new WeakMap(), other = new WeakMap()",
		make: captor(`(f, n) => {
			const key = { n }, next = {}, last = {}
			other.set(last, { f }); weak.set(next, last); other.set(key, next)
			return key
		}`),
		probes: []string{"key => other.get(weak.get(other.get(key))).f()", "f => f()"},
	},
	{
		// The weak references keep nothing, and lose nothing that is there.
		name: "WeakRef and FinalizationRegistry", callables: 1,
		globals: "var registry = new FinalizationRegistry(() => {})",
		make: captor(`(f, n) => {
			const o = { n, f, weak: new WeakRef(f) }
			registry.register(f, {}, o)
			return o
		}`),
		probes: []string{"o => o.weak.deref()()", "f => f()"},
	},
	{
		name: "generator", callables: 1,
		make:   captor("(f, n) => Object.assign(function* () { for (;;) yield f }(), { n })"),
		probes: []string{"g => g.next().value()", "f => f()"},
	},
}

var promiseCycles = []cycleShape{
	{
		name: "reaction of a pending promise", callables: 1,
		make:   captor("(f, n) => { const p = Promise.withResolvers(); p.then = p.promise.then(() => f()); p.n = n; return { n, p } }"),
		probes: []string{"({ p }) => { p.resolve(); return p.then }", "f => f()"},
	},
	{
		name: "resolved promise", callables: 1,
		make:   captor("(f, n) => Object.assign(Promise.resolve({ f }), { n })"),
		probes: []string{"p => p.then(o => o.f())", "f => f()"},
	},
	{
		name: "rejected promise", callables: 1,
		make:   captor("(f, n) => { const p = Promise.reject(f); p.catch(() => {}); p.n = n; return p }"),
		probes: []string{"p => p.catch(f => f())", "f => f()"},
	},
	{
		name: "suspended async function", callables: 1,
		make: captor(`(f, n) => {
			const p = Promise.withResolvers(), o = { n, resolve: p.resolve }
			o.done = (async () => { await p.promise; return f() })()
			return o
		}`),
		probes: []string{"o => { o.resolve(); return o.done }", "f => f()"},
	},
}

// wrapperCycles go through objects that stand for a function.
var wrapperCycles = []cycleShape{
	{
		name: "bound function", callables: 1,
		make:   captor("(f, n) => Object.assign(f.bind(null), { n })"),
		probes: []string{"b => b()", "f => f()"},
	},
	{
		name: "argument of a bound function", callables: 1,
		make:   captor("(f, n) => Object.assign((g => g()).bind(null, f), { n })"),
		probes: []string{"b => b()", "f => f()"},
	},
	{
		name: "receiver of a bound function", callables: 1,
		make:   captor("(f, n) => Object.assign(function () { return this.f() }.bind({ f }), { n })"),
		probes: []string{"b => b()", "f => f()"},
	},
	{
		name: "target of a Proxy", callables: 1,
		make:   captor("(f, n) => { f.n = n; return new Proxy(f, {}) }"),
		probes: []string{"p => p()", "f => f()"},
	},
	{
		name: "handler of a Proxy", callables: 1,
		make:   captor("(f, n) => ({ n, p: new Proxy({}, { has: () => f() === n }) })"),
		probes: []string{"o => 'x' in o.p && o.n", "f => f()"},
	},
	{
		name: "revocable Proxy of a bound function", callables: 1,
		make:   captor("(f, n) => Object.assign(Proxy.revocable(f.bind(null), {}), { n })"),
		probes: []string{"o => o.proxy()", "f => f()"},
	},
	{
		name: "accessor and symbol", callables: 1,
		make:   captor(`(f, n) => ({ n, [Symbol.iterator]: f, get g() { return f() } })`),
		probes: []string{"o => o.g", "f => f()"},
	},
}
