package qjswasm_test

import (
	"errors"
	"fmt"
	"runtime"
	"weak"

	"github.com/qjswasm/qjswasm"
)

// cycleState is what Go closures, errors and live objects of the programs keep. It
// is collected when nothing of Go holds it and the guest has none of those for it.
type cycleState struct {
	ID   int `js:"id,readonly"`
	A    *qjswasm.Value
	B    *qjswasm.Value
	C    *qjswasm.Value
	next *cycleState
	fn   func(string) (int, error) // a function of the guest
	made func(*cycleState)         // tracks a state that a callback makes
}

// The names of the fields in scripts are those of the properties of any object.
var cycleSlotNames = [cycleSlots]string{"A", "B", "C"}

func (s *cycleState) slot(i int) **qjswasm.Value {
	return [...]**qjswasm.Value{&s.A, &s.B, &s.C}[i]
}

// cycleGoError is a Go error with a state.
type cycleGoError struct{ state *cycleState }

func (e *cycleGoError) Error() string { return fmt.Sprint("error ", e.state.ID) }

// values is a sequence of the Values that the state holds.
func (s *cycleState) values(yield func(any) bool) {
	for i := range cycleSlots {
		if v := *s.slot(i); v != nil && v.IsObject() && !yield(v) {
			return
		}
	}
}

// call is the Go function of a closure. The reactions of promises and microtasks
// call it with one argument, which it keeps; anybody else begins with a command.
func (s *cycleState) call(c *qjswasm.Call) (any, error) {
	if c.NumArgs() == 1 && c.Arg(0).IsObject() {
		s.A = c.Arg(0).Dup()
		return nil, nil
	}
	i := int(c.Arg(1).Int64())
	switch c.Str(0) {
	case "id":
		return s.ID, nil
	case "store":
		*s.slot(i) = c.Arg(2).Dup()
	case "load":
		return *s.slot(i), nil
	case "clear":
		*s.slot(i) = nil
	case "close":
		(*s.slot(i)).Close()
	case "captured":
		return c.Captured(i), nil
	case "this":
		return c.This(), nil
	case "global":
		return nil, c.Runtime().Set(c.Str(1), c.Arg(2))
	case "nest": // into the guest again, where a closure keeps what it is given
		_, err := c.Arg(1).Call(c.Context(), nil, c.Arg(2))
		return nil, err
	case "make": // a closure that holds this one's state
		made := &cycleState{ID: i, next: s, made: s.made}
		s.made(made)
		return c.Runtime().NewFunc("made", made.call)
	case "collect": // while the function runs
		runtime.GC()
		if err := c.Runtime().GC(c.Context()); err != nil {
			return nil, err
		}
		runtime.GC()
		*s.slot(i) = c.Arg(2).Dup()
	default:
		return nil, errors.New("unknown command " + c.Str(0))
	}
	return nil, nil
}

// cycleScript has what programs do in the guest.
const cycleScript = `
// Built-ins are made when they are first read.
for (const x of [Object, Array, Function, Map, Set, WeakMap, WeakSet, WeakRef, FinalizationRegistry, Promise, Proxy, Symbol, Error, globalThis])
	for (const y of [x, x.prototype, x === globalThis ? Reflect : null])
		for (const key of Reflect.ownKeys(y ?? {})) try { y[key] } catch {}
class Handler {
	constructor(id) { this.id = id }
	get(target, key, receiver) { return key === "id" ? this.id : key === "target" ? target : Reflect.get(target, key) }
}
;[...new Map([[1, 1]]).keys(), ...new Set([1]).keys(), ...new Map().values(), ...new Set().values()]
const named = (x, id) => Object.defineProperty(x, "id", { value: id, configurable: true })
const weak = new Map, told = []
const newRegistry = () => new FinalizationRegistry(held => told.push(held.id))
let registry = newRegistry()
const helpers = {
	object: id => named({}, id),
	array: id => named([], id),
	Map: id => named(new Map, id),
	Set: id => named(new Set, id),
	WeakMap: id => named(new WeakMap, id),
	WeakSet: id => named(new WeakSet, id),
	function: (id, x) => named(() => x, id),
	bound: (id, f, x) => named(f.bind(x), id),
	Proxy: (id, x) => new Proxy(x, new Handler(id)),
	WeakRef: (id, x) => named(new WeakRef(x), id),
	promise(id, id2) {
		let resolver
		const p = named(new Promise(r => resolver = r), id)
		return [p, named(resolver, id2)]
	},
	named,
	id: x => x.id,
	get: (x, key) => x[key],
	set(x, key, y) { x[key] = y },
	add(x, k, v) { if (x.set) x.set(k, v); else x.add(k) },
	delete: (x, k) => x.delete(k),
	entry: (x, k) => x.get(k),
	has: (x, k) => x.has(k),
	key: (x, i) => [...x.keys()][i],
	value: (x, i) => [...x.values()][i],
	same: (x, y) => x === y,
	spread: x => [...x],
	call: (f, ...args) => f(...args),
	then(p, f) { p.then(f) },
	microtask(f, x) { queueMicrotask(() => f(x)) },
	deref: w => w.deref(),
	observe(x, id) { weak.set(id, new WeakRef(x)); registry.register(x, { id }) },
	hold(x, id, y) { registry.register(x, { id, y }) },
	alive: () => [...weak].filter(([, w]) => w.deref() !== undefined).map(([id]) => id),
	told: () => told.splice(0),
	forget() { weak.clear(); registry = newRegistry() },
}
helpers`

// cycleGuest is a runtime for programs.
type cycleGuest struct {
	rt      *qjswasm.Runtime
	helpers map[string]*qjswasm.Value
	start   qjswasm.Stats
}

func newCycleGuest(o *qjswasm.Options) (*cycleGuest, error) {
	rt, err := qjswasm.New(ctx, o)
	if err != nil {
		return nil, err
	}
	g := &cycleGuest{rt: rt, helpers: map[string]*qjswasm.Value{}}
	all, err := rt.Eval(ctx, cycleScript)
	if err != nil {
		return nil, err
	}
	names, err := all.Keys()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if g.helpers[name], err = all.Get(name); err != nil {
			return nil, err
		}
	}
	all.Close()
	return g, nil
}

// cycleTrack sees whether Go has collected a state.
type cycleTrack = weak.Pointer[cycleState]
