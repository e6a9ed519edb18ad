package main

// A shape is a kind of cross-heap cycle: closures in a ring, each of which captures
// what wrap makes of the next one's function.
type shape struct {
	Name, Title string
	closures    int // in the ring

	// wrap is a JS function from a function, and the namespace of a module if the
	// shape has one, to what is captured; empty captures the function itself.
	wrap string
	// check is a JS function that calls the function through what is captured: at
	// once, or in a job. Empty calls it itself.
	check string

	namespace  scope // where the namespace comes from
	promise    bool  // the function is a handler of the promise that wrap makes
	host       bool  // no closure, but a struct exposed to JS with the value in a field
	noCaptures bool  // and so no cycle
}

type scope int

const (
	perCycle scope = iota + 1
	perRuntime
)

const pending = `f => {
	let settle
	const p = new Promise(resolve => { settle = resolve })
	p.settle = settle
	if (f) p.then(f)
	return p
}`

var shapes = []shape{
	{Name: "self", Title: "self: a closure captures its own function", closures: 1},
	{Name: "mutual", Title: "mutual: two closures, each captures the other's function", closures: 2},
	{Name: "chain", Title: "chain: four closures, each captures an object with the next one's function", closures: 4,
		wrap: `f => ({ f })`, check: `o => o.f()`},
	{Name: "map", Title: "through a Map", closures: 1,
		wrap: `f => new Map([["f", f]])`, check: `m => m.get("f")()`},
	{Name: "weakmap", Title: "through a key of a WeakMap that stays", closures: 1,
		wrap: `f => { const key = {}; weak.set(key, f); return key }`, check: `key => weak.get(key)()`},
	{Name: "set", Title: "through a Set", closures: 1,
		wrap: `f => new Set([f])`, check: `s => { for (const f of s) f() }`},
	{Name: "reactions", Title: "through a pending promise's reactions", closures: 1, promise: true,
		wrap: pending, check: `p => p.settle()`},
	{Name: "result", Title: "through a promise's result", closures: 1,
		wrap: `f => Promise.resolve({ f })`, check: `p => { p.then(o => o.f()) }`},
	{Name: "live", Title: "through a Go struct that JS uses", closures: 1, host: true,
		wrap: `host => ({ host })`, check: `o => {
			if (!(o.host.Held === o || "proxyId" in o.host)) throw new Error("not the struct")
		}`},
	{Name: "proxy", Title: "through a bound function and a Proxy", closures: 1,
		wrap: `f => new Proxy(f.bind({}), {})`},
	{Name: "namespace", Title: "object with a module namespace and the function", closures: 1, namespace: perRuntime,
		wrap: `(f, ns) => ({ f, ns })`, check: `o => { o.ns.hold; o.f() }`},
	{Name: "module", Title: "through a module's variable, for each a module", closures: 1, namespace: perCycle,
		wrap: `(f, ns) => { ns.hold(f); return ns }`, check: `ns => ns.held()`},
	{Name: "none", Title: "no cycle: a function that is dropped", closures: 1, noCaptures: true},
	{Name: "handler", Title: "no cycle: a handler of a promise that is dropped", closures: 1, noCaptures: true, promise: true,
		wrap: pending, check: `p => p.settle()`},
}

// prelude is run before anything else.
const prelude = `globalThis.weak = new WeakMap()`
