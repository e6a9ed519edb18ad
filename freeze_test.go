package qjswasm_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func frozenRuntime(t testing.TB) *qjswasm.Runtime {
	t.Helper()
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Freeze(ctx))
	return rt
}

// unfrozen walks from the global object's built-ins, and from instances that lead
// to hidden ones, and returns the paths of all that is not frozen.
const unfrozen = `(names => {
	const roots = names.map(n => [n, Object.getOwnPropertyDescriptor(globalThis, n).value])
	const hidden = {
		function: function() {}, generatorFunction: function*() {}, asyncFunction: async function() {}, asyncGeneratorFunction: async function*() {},
		generator: (function*() {}).prototype, asyncGenerator: (async function*() {}).prototype, arrayIterator: [].values(), stringIterator: ""[Symbol.iterator](),
		mapIterator: new Map().entries(), setIterator: new Set().values(), regExpIterator: "a".matchAll(/a/g), helper: [].values().map(x => x),
		wrap: Iterator.from({ next() {} }), concat: Iterator.concat([]), zip: Iterator.zip([]), promise: import("none").catch(() => {}),
		args: (function() { "use strict"; return arguments })(), typed: new Uint8Array(1), view: new DataView(new ArrayBuffer(1)), proxy: new Proxy({}, {}),
		error: new AggregateError([]), suppressed: new SuppressedError(), dom: new DOMException(), stack: new DisposableStack(), astack: new AsyncDisposableStack(),
		big: Object(1n), symbol: Object(Symbol()), boxed: Object(1), string: Object(""), bool: Object(true), date: new Date(), weak: new WeakRef({}),
		registry: new FinalizationRegistry(() => {}), weakmap: new WeakMap(), weakset: new WeakSet(), callable: hostFunction, regexp: /x/, raw: JSON.rawJSON("1"),
	}
	Error.prepareStackTrace = (e, frames) => { hidden.callSite = frames[0] }; new Error().stack; Error.prepareStackTrace = undefined
	for (const [name, x] of Object.entries(hidden)) {
		roots.push(["%" + name + "%", Object.getPrototypeOf(x)])
		if (name === "args") roots.push(["%ThrowTypeError%", Object.getOwnPropertyDescriptor(x, "callee").get])
	}
	const seen = new Set([globalThis]), loose = []
	while (roots.length) {
		const [path, x] = roots.pop()
		if (x === null || (typeof x !== "object" && typeof x !== "function") || seen.has(x)) continue
		seen.add(x)
		if (!Object.isFrozen(x)) loose.push(path)
		for (const key of Reflect.ownKeys(x)) {
			const d = Reflect.getOwnPropertyDescriptor(x, key), at = path + "." + String(key)
			roots.push([at, d.value], [at + "[get]", d.get], [at + "[set]", d.set])
		}
		roots.push([path + ".__proto__", Object.getPrototypeOf(x)])
	}
	return { loose, count: seen.size }
})`

func TestFreezeIsComplete(t *testing.T) {
	rt := newRuntime(t, nil)
	names := evalTo[[]string](t, rt, `Object.getOwnPropertyNames(globalThis)`)
	require.Greater(t, len(names), 60)
	require.NoError(t, rt.Set("hostFunction", func() {}))
	require.NoError(t, rt.Set("names", names))
	type result struct {
		Loose []string `js:"loose"`
		Count int      `js:"count"`
	}
	before := evalTo[result](t, rt, unfrozen+`(names)`)
	require.Greater(t, len(before.Loose), 500, "the walk sees what is not frozen")
	require.NoError(t, rt.Freeze(ctx))
	after := evalTo[result](t, rt, unfrozen+`(names)`)
	assert.Empty(t, after.Loose)
	assert.InDelta(t, before.Count, after.Count, 50)
	assert.Empty(t, evalTo[[]string](t, rt, `names.filter(n => {
		const d = Object.getOwnPropertyDescriptor(globalThis, n)
		return d.configurable || d.writable || (d.set && d.set.name !== "")
	})`))
	assert.True(t, evalTo[bool](t, rt, `Object.isExtensible(globalThis) && Object.isExtensible(hostFunction) && Object.isExtensible(names)`))
}

// TestFreezeTampering: every attempt throws in strict code, does nothing in
// sloppy code, and leaves the built-ins as they were.
func TestFreezeTampering(t *testing.T) {
	rt := frozenRuntime(t)
	eval(t, rt, `const evil = () => "evil", check = (() => {
		const { push, map, join } = Array.prototype, { call, apply, bind } = Function.prototype, { toString, hasOwnProperty } = Object.prototype
		const iterator = Array.prototype[Symbol.iterator], parse = JSON.parse, then = Promise.prototype.then, exec = RegExp.prototype.exec
		const next = Object.getPrototypeOf([].values()).next, test = RegExp.prototype.test, has = Map.prototype.has, random = Math.random
		return () => Array.prototype.push === push && Array.prototype.map === map && Array.prototype.join === join && Array.prototype[Symbol.iterator] === iterator &&
			Function.prototype.call === call && Function.prototype.apply === apply && Function.prototype.bind === bind && Object.prototype.toString === toString &&
			Object.prototype.hasOwnProperty === hasOwnProperty && JSON.parse === parse && Promise.prototype.then === then && RegExp.prototype.exec === exec &&
			Object.getPrototypeOf([].values()).next === next && RegExp.prototype.test === test && Map.prototype.has === has && Math.random === random &&
			!("polluted" in {}) && !("polluted" in []) && [].length === 0 && Array.prototype.length === 0 && Object.getPrototypeOf(Object.prototype) === null &&
			Object.getPrototypeOf(Array.prototype) === Object.prototype && Object.getPrototypeOf(Map) === Function.prototype && [1, 2].map(x => x + 1).join() === "2,3" &&
			[...[1, 2]].length === 2 && globalThis.Array === Array && typeof undefined === "undefined" && Array === [].constructor && (() => {}).call === call
	})()`)
	for _, code := range []string{
		`Array.prototype[Symbol.iterator] = evil`,
		`Array.prototype.push = evil`,
		`Array.prototype.push(1)`,
		`Array.prototype.polluted = 1`,
		`Array.prototype.length = 5`,
		`Array.prototype[0] = 1`,
		`Array.prototype.unshift(1)`,
		`Object.prototype.polluted = 1`,
		`({}).__proto__.polluted = 1`,
		`({}).constructor.prototype.polluted = 1`,
		`[].__proto__.__proto__.polluted = 1`,
		`JSON.parse('{"__proto__": {"polluted": 1}}').__proto__.__proto__.polluted = 1`,
		`Object.assign(Object.prototype, { polluted: 1 })`,
		`Object.defineProperty(Object.prototype, "polluted", { value: 1 })`,
		`Object.defineProperty(Array.prototype, "push", { value: evil })`,
		`Object.defineProperty(Array.prototype, "push", { get: evil })`,
		`Object.defineProperties(Function.prototype, { call: { value: evil } })`,
		`Object.setPrototypeOf(Array.prototype, { polluted: 1 })`,
		`Object.setPrototypeOf(Map, { polluted: 1 })`,
		`Object.setPrototypeOf(Object.getPrototypeOf(function*() {}), null)`,
		`Array.prototype.__proto__ = { polluted: 1 }`,
		`Object.prototype.__proto__ = { polluted: 1 }`,
		`Function.prototype.call = evil`,
		`Function.prototype.toString = evil`,
		`(() => {}).__proto__.bind = evil`,
		`Object.getPrototypeOf([].values()).next = evil`,
		`Object.getPrototypeOf(Object.getPrototypeOf([].values()))[Symbol.iterator] = evil`,
		`Object.getPrototypeOf(async function() {}).constructor = evil`,
		`Promise.prototype.then = evil`,
		`Promise.prototype.constructor = evil`,
		`RegExp.prototype.exec = evil`,
		`RegExp.prototype.lastIndex = 1`,
		`RegExp.input = "x"`,
		`RegExp.$1 = "x"`,
		`Object.defineProperty(Array, Symbol.species, { get: evil })`,
		`Error.captureStackTrace = evil`,
		`Error.prototype.name = "x"`,
		`Error.prototype.stack = "x"`,
		`String.prototype.split = evil`,
		`Uint8Array.prototype.constructor = evil`,
		`Object.getPrototypeOf(Uint8Array).prototype.set = evil`,
		`Uint8Array.prototype[0] = 1; Uint8Array.prototype.polluted = 1`,
		`Symbol.prototype.description = 1; Symbol.iterator = 1`,
		`Math.random = evil`,
		`JSON.parse = evil`,
		`Reflect.get = evil`,
		`console.log = evil`,
		`Object.getPrototypeOf(console).log = 1`,
		`performance.now = evil`,
		`delete Array.prototype.push`,
		`delete Object.prototype.toString`,
		`delete Array.prototype[Symbol.iterator]`,
		`delete globalThis.Array`,
		`delete Math.random`,
		`Array = evil`,
		`globalThis.Array = evil`,
		`globalThis.undefined = 1`,
		`undefined = 1`,
		`globalThis.globalThis = {}`,
		`Object.defineProperty(globalThis, "Array", { value: evil })`,
		`Object.prototype.__defineGetter__.call(Object.prototype, "polluted", evil)`,
		`Array.prototype.toString.name = "x"`,
		`Map.prototype.has.polluted = 1`,
		`Object.freeze.call.call.polluted = 1`,
		`[].concat.constructor.prototype.polluted = 1`,
		`Array.prototype.fill.call(Array.prototype, 1, 0, 1); Array.prototype[0] = 1`,
		`Array.prototype.copyWithin.call(Array.prototype, 0, 0); Array.prototype.reverse(); Array.prototype.splice(0, 0, 1)`,
		`Iterator.prototype.map = evil`,
		`Iterator.prototype[Symbol.toStringTag] = "x"`,
		`Iterator.prototype.constructor = evil`,
		`AsyncDisposableStack.prototype.use = evil`,
		`Object.getOwnPropertyDescriptor(Map.prototype, "size").get.polluted = 1`,
	} {
		_, err := rt.Eval(ctx, `(function() { "use strict"; `+code+` })()`)
		var e *qjswasm.Error
		if !assert.ErrorAs(t, err, &e, code) {
			continue
		}
		if e.Name != "SyntaxError" { // delete of a plain name is one, in strict code
			assert.Equal(t, "TypeError", e.Name, "%s: %v", code, err)
		}
		_, _ = rt.Eval(ctx, code) // throws where functions do, and not where operators do
		require.True(t, evalTo[bool](t, rt, `check()`), code)
	}
	for _, code := range []string{
		`Array.prototype.push = evil`, `Object.prototype.polluted = 1`, `delete Array.prototype.push`, `Array = evil`, `undefined = 1`,
		`Math.random = evil`, `Error.stackTraceLimit = 1`, `Error.prepareStackTrace = evil`,
	} {
		_, err := rt.Eval(ctx, code)
		assert.NoError(t, err, "sloppy code goes on: %s", code)
	}
	for _, code := range []string{
		`Reflect.set(Array.prototype, "push", evil)`,
		`Reflect.set({}, "polluted", 1, Object.prototype)`,
		`Reflect.set({ push: 1 }, "push", evil, Array.prototype)`,
		`Reflect.set(Object.create(Array.prototype), "push", evil, Array.prototype)`,
		`Reflect.defineProperty(Object.prototype, "polluted", { value: 1 })`,
		`Reflect.deleteProperty(Array.prototype, "push")`,
		`Reflect.setPrototypeOf(Array.prototype, null)`,
	} {
		assert.False(t, evalTo[bool](t, rt, code), code)
		require.True(t, evalTo[bool](t, rt, `check()`), code)
	}
	assert.True(t, evalTo[bool](t, rt, `Reflect.preventExtensions(Array.prototype) && check()`))
}

// TestFreezeErrorSettings: what would let one script watch the errors of others.
func TestFreezeErrorSettings(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, `"use strict"; var setter = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace").set`)
	require.NoError(t, rt.Freeze(ctx))
	eval(t, rt, `"use strict"; var stolen = []
		Error.prepareStackTrace = e => { stolen.push(e); return "" }
		setter.call(Error, e => { stolen.push(e); return "" })
		Error.stackTraceLimit = 0`)
	assert.Contains(t, evalTo[string](t, rt, `new Error("x").stack`), "at <eval>")
	assert.Empty(t, evalTo[[]any](t, rt, `stolen`))
}

// TestFreezeLeavesRoom: patterns of real libraries, which assign to objects
// what their prototypes have, in strict code.
func TestFreezeLeavesRoom(t *testing.T) {
	rt := frozenRuntime(t)
	for _, code := range []string{
		`const point = { x: 1 }; point.toString = () => "p"; point.hasOwnProperty = 1; point.constructor = 2; String(point) === "p" && Object.hasOwn(point, "constructor")`,
		`class MyError extends Error { constructor(m) { super(m); this.name = "MyError"; this.message = m + "!" } } const e = new MyError("x"); e.name === "MyError" && e.toString() === "MyError: x!" && e instanceof Error`,
		`function Old() { Error.call(this); this.name = "Old"; this.stack = "s" } Old.prototype = Object.create(Error.prototype); Old.prototype.constructor = Old; Old.prototype.name = "O"; new Old().name === "Old" && new Old().constructor === Old`,
		`function Foo() {} Foo.prototype.constructor = Foo; Foo.prototype.toString = () => "foo"; Foo.toString = () => "Foo"; Foo.call = 1; new Foo() + "" === "foo" && Foo + "" === "Foo"`,
		`class List extends Array { push(x) { return super.push(x * 2) } } const l = new List(); l.push(2); l.map = null; l.length = 1; l[0] === 4 && l.map === null`,
		`const a = []; a.push = function(x) { this[this.length] = x }; a.push(1); a.concat = 1; a.toString = () => "t"; a.length === 1 && a + "" === "t"`,
		`const m = new Map(); m.get = k => k; m.get(3) === 3`,
		`const p = Promise.resolve(1); p.then = null; p.then === null`,
		`const re = /a/g; re.exec = () => null; re.lastIndex = 3; re.test("a") === false && re.lastIndex === 3`,
		`const s = Object("x"); s.split = 1; s.split === 1`,
		`const f = () => 1; f.apply = null; f.bind = null; f.apply === null`,
		`const o = Object.create(Array.prototype); o.length = 3; o.length === 3`,
		`const o = Object.create({ __proto__: Object.prototype }); o.valueOf = 1; o.valueOf === 1`,
		`const target = {}; for (const k of ["toString", "valueOf", "a"]) target[k] = k; Object.assign(target, { isPrototypeOf: 1 }); target.toString === "toString" && target.isPrototypeOf === 1`,
		`const cache = {}; cache["constructor"] = (cache["constructor"] || 0) && 1; cache.constructor === 1`,
		`const { toString } = Object.prototype; toString.call([]) === "[object Array]"`,
		`const mixin = (c, o) => { for (const k of Object.getOwnPropertyNames(o)) c.prototype[k] = o[k]; return c }; new (mixin(class {}, { toString: () => "mixed" }))() + "" === "mixed"`,
		`const lodash = {}; function wrap(v) { this.v = v } wrap.prototype = Object.create(wrap.prototype = {}); wrap.prototype.constructor = wrap; ["map", "push", "join"].forEach(n => { wrap.prototype[n] = function(...a) { return Array.prototype[n].apply(this.v, a) } }); lodash.chain = v => new wrap(v); lodash.toString = () => "_"; lodash.chain([1, 2]).join("-") === "1-2"`,
		`(function() { var nativeObjectToString = Object.prototype.toString, root = Function.prototype; function baseGetTag(v) { return nativeObjectToString.call(v) } return baseGetTag(null) === "[object Null]" })()`,
		`const EventEmitter = function() { this._events = Object.create(null) }; EventEmitter.prototype.on = function(n, f) { (this._events[n] ||= []).push(f); return this }; EventEmitter.prototype.toString = () => "ee"; const ee = new EventEmitter().on("constructor", 1); ee._events.constructor[0] === 1`,
		`const proxy = new Proxy({}, {}); proxy.toString = 1; proxy.toString === 1`,
		`const o = {}; Reflect.set(o, "toString", 5) && o.toString === 5 && Object.getOwnPropertyDescriptor(o, "toString").enumerable`,
		`const o = { __proto__: { set toString(v) { this.v = v } } }; o.toString = 4; o.v === 4`,
		`class A { static name = "n"; static call = 1; toString = 3; constructor() { this.valueOf = 1 } } A.call === 1 && new A().toString === 3`,
		`globalThis.toString = 7; globalThis.toString === 7 && toString === 7`,
		`Error.stackTraceLimit = 50; true`,
		`const u = new Uint8Array(4); u.set = null; u.length === 4 && u.set === null`,
		`const ns = Object.create(Math); ns.max = 1; ns.max === 1 && Math.max(1, 2) === 2`,
	} {
		got, err := qjswasm.Eval[bool](ctx, rt, `(function() { "use strict"; return eval(`+fmt.Sprintf("%q", code)+`) })()`)
		if assert.NoError(t, err, code) {
			assert.True(t, got, code)
		}
	}
	eval(t, rt, `var hasOwnProperty = 1; function valueOf() {} var later = 1; globalThis.fresh = 2; function declared() {} let lexical = 3; var Array`)
	assert.Equal(t, int64(6), eval(t, rt, `later + fresh + lexical`).Int64())
	for _, code := range []string{
		// Nobody's own property, so the rules of ECMAScript hold.
		`"use strict"; Object.create(Object.freeze({ a: 1 })).a = 2`,
		`"use strict"; "primitive".toString = 1`,
		`"use strict"; Object.preventExtensions({}).toString = 1`,
		`"use strict"; Object.freeze([]).push(1)`,
		`let Map`, `class Set {}`, `function Array() {}`,
	} {
		_, err := rt.Eval(ctx, code)
		assert.Error(t, err, code)
	}
	require.NoError(t, rt.Set("given", func() int { return 5 }))
	assert.Equal(t, int64(5), eval(t, rt, `given()`).Int64())
	assert.Error(t, rt.Set("Array", 1))
}

// TestFreezeWhatWasThere: scripts' own objects stay as they were unless a built-in
// leads to them, and nothing of theirs runs.
func TestFreezeWhatWasThere(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("hostData", map[string]any{"a": 1}))
	eval(t, rt, `var ran = 0, mine = { deep: {} }, hung = { deep: {} }, replaced = { now() {} }, lazy = () => {}
		const trap = new Proxy({}, { get(t, k) { return () => { ran++ } }, ownKeys() { ran++; return [] }, preventExtensions() { ran++; return false }, getPrototypeOf() { ran++; return null } })
		Array.prototype.hung = hung; Object.prototype.trap = trap
		Object.defineProperty(String.prototype, "getter", { configurable: true, get() { ran++ }, set() { ran++ } })
		Map.prototype.typed = new Uint8Array(3); Map.prototype.list = [1, { a: 1 }]; Math.fn = lazy
		Object.defineProperty(globalThis, "atob", { configurable: true, get() { ran++; return 1 } })
		globalThis.console = replaced; globalThis.Date = class Date {}; delete globalThis.WeakSet
		const held = Map; delete Map.prototype.constructor
		Object.defineProperty(globalThis, "ownGetter", { configurable: true, get() { ran++ } })
		Error.prepareStackTrace = () => { ran++; return "" }`)
	require.NoError(t, rt.Freeze(ctx))
	require.NoError(t, rt.Freeze(ctx))
	assert.Equal(t, int64(0), eval(t, rt, `ran`).Int64())
	assert.True(t, evalTo[bool](t, rt, `!Object.isFrozen(mine) && !Object.isFrozen(mine.deep) && !Object.isFrozen(hostData) &&
		Object.getOwnPropertyDescriptor(globalThis, "ownGetter").configurable && Object.getOwnPropertyDescriptor(globalThis, "mine").writable`))
	assert.True(t, evalTo[bool](t, rt, `Object.isFrozen(hung) && Object.isFrozen(hung.deep) && Object.isFrozen(lazy) && Object.isFrozen(Map.prototype.list[1]) &&
		Object.isFrozen(replaced) && Object.isFrozen(Date) && Object.isFrozen(Date.prototype) && Object.isFrozen(Map)`))
	assert.True(t, evalTo[bool](t, rt, `mine.deep.x = 1; mine.deep.x === 1`))
	assert.True(t, evalTo[bool](t, rt, `!("WeakSet" in globalThis)`))
	requireUsable(t, rt)
}

func TestFreezeBounds(t *testing.T) {
	rt := newRuntime(t, nil)
	done, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, rt.Freeze(done), qjswasm.ErrInterrupted)
	before := rt.Stats()
	require.NoError(t, rt.Freeze(ctx))
	t.Logf("Freeze made %d objects and took %d bytes", rt.Stats().GuestObjects-before.GuestObjects, rt.Stats().GuestBytes-before.GuestBytes)
	frozen := rt.Stats()
	require.NoError(t, rt.Freeze(ctx))
	assert.Equal(t, frozen.GuestBytes, rt.Stats().GuestBytes)
	assert.Less(t, frozen.GuestBytes-before.GuestBytes, int64(1<<20))
	require.NoError(t, rt.Close())
	assert.ErrorIs(t, rt.Freeze(ctx), qjswasm.ErrClosed)
}

// TestFreezeWithoutMemory: it fails half-way, and succeeds once there is room.
func TestFreezeWithoutMemory(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: qjswasm.MinMemoryLimit})
	eval(t, rt, `var hog = []; try { for (;;) hog.push(new ArrayBuffer(50000)) } catch {} hog.pop()`)
	require.ErrorIs(t, rt.Freeze(ctx), qjswasm.ErrMemoryLimit)
	eval(t, rt, `hog = null`)
	require.NoError(t, rt.Freeze(ctx))
	assert.True(t, evalTo[bool](t, rt, `Object.isFrozen(Array.prototype) && Object.isFrozen(Map.prototype.get)`))
	assert.True(t, evalTo[bool](t, rt, `const o = {}; o.toString = 1; o.toString === 1`))
}

// TestFreezeSeparatesScripts is what Freeze is for, seen from a callback.
func TestFreezeSeparatesScripts(t *testing.T) {
	rt := frozenRuntime(t)
	_, _ = rt.Eval(ctx, `Array.prototype.map = function() { return ["stolen"] }; Object.prototype.admin = true; JSON.stringify = () => "{}"`)
	assert.Equal(t, []string{"a!"}, evalTo[[]string](t, rt, `["a"].map(x => x + "!")`))
	v := eval(t, rt, `({ x: 1 })`)
	b, err := v.MarshalJSON()
	require.NoError(t, err)
	assert.JSONEq(t, `{"x":1}`, string(b))
	assert.True(t, evalTo[bool](t, rt, `({}).admin === undefined`))
}
