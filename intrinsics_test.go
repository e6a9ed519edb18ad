package qjswasm_test

import (
	"bytes"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// intrinsicGroup says what a group is: expressions that are true with it and
// false without, code that fails without it, and names that no function has then.
type intrinsicGroup struct {
	bit     qjswasm.Intrinsics
	present []string          // true with the group, false without
	fails   map[string]string // code that works with it -> error without
	names   string            // of functions that cannot be reached without, a JS array
}

var intrinsicGroups = []intrinsicGroup{
	{
		bit:     qjswasm.IntrinsicEval,
		present: []string{`typeof eval === "function"`, `"eval" in globalThis`},
		fails: map[string]string{
			`new Function("return 1")()`: "TypeError", `Function("a", "return a")(1)`: "TypeError",
			`(function(){}).constructor("1")`:            "TypeError",
			`(() => {}).constructor("1")`:                "TypeError",
			`(function*(){}).constructor("1")`:           "TypeError",
			`(async function(){}).constructor("1")`:      "TypeError",
			`(async function*(){}).constructor("1")`:     "TypeError",
			`(class {}).constructor("1")`:                "TypeError",
			`Reflect.construct(Function, ["1"])`:         "TypeError",
			`new (class extends Function {})("1")`:       "TypeError",
			`eval("1")`:                                  "ReferenceError",
			`(0, eval)("1")`:                             "ReferenceError",
			`[eval][0]("1")`:                             "ReferenceError",
			`Function.prototype.constructor.call(0, "")`: "TypeError",
		},
		names: `["eval"]`,
	},
	{
		bit:     qjswasm.IntrinsicRegExp,
		present: []string{`typeof RegExp === "function"`},
		fails: map[string]string{
			`/a/`: "SyntaxError", `"a".match("a")`: "TypeError", `[..."a".matchAll("a")]`: "TypeError",
			`"a".search("a")`: "TypeError", `(0, function() { return /b/g })()`: "SyntaxError",
		},
		names: `["RegExp", "exec"]`,
	},
	{
		bit:     qjswasm.IntrinsicProxy,
		present: []string{`typeof Proxy === "function"`},
		names:   `["Proxy", "revocable"]`,
	},
	{
		bit:     qjswasm.IntrinsicReflect,
		present: []string{`typeof Reflect === "object"`},
		names:   `["ownKeys"]`,
	},
	{
		bit: qjswasm.IntrinsicCollections,
		present: []string{`typeof Map === "function"`, `typeof Set === "function"`,
			`typeof WeakMap === "function"`, `typeof WeakSet === "function"`},
		names: `["Map", "Set", "WeakMap", "WeakSet", "isSubsetOf"]`,
	},
	{
		bit: qjswasm.IntrinsicTypedArrays,
		present: []string{`typeof ArrayBuffer === "function"`, `typeof SharedArrayBuffer === "function"`,
			`typeof DataView === "function"`, `typeof Uint8Array === "function"`,
			`typeof Float64Array === "function"`, `typeof Uint8ClampedArray === "function"`, `typeof BigInt64Array === "function"`},
		names: `["ArrayBuffer", "DataView", "TypedArray", "Uint8Array", "subarray", "fromBase64"]`,
	},
	{
		bit: qjswasm.IntrinsicPromise,
		present: []string{`typeof Promise === "function"`, `typeof queueMicrotask === "function"`,
			`"fromAsync" in Array`, `typeof AsyncDisposableStack === "function"`},
		fails: map[string]string{
			`(async function() {})`: "SyntaxError", `(async () => {})`: "SyntaxError", `(async x => x)`: "SyntaxError",
			`({ async m() {} })`: "SyntaxError", `(class { static async m() {} })`: "SyntaxError",
			`(async function*() {})`: "SyntaxError", `({ async *m() {} })`: "SyntaxError",
			`async function f() {}`: "SyntaxError", `() => import("x")`: "SyntaxError",
			`(class { async #p() {} })`: "SyntaxError", `(async (a, b) => a)`: "SyntaxError",
		},
		names: `["Promise", "AsyncFunction", "AsyncGeneratorFunction", "then", "fromAsync"]`,
	},
	{
		bit: qjswasm.IntrinsicBigInt,
		present: []string{`typeof BigInt === "function"`, `typeof BigInt64Array === "function"`,
			`typeof BigUint64Array === "function"`, `"getBigInt64" in DataView.prototype`, `"setBigUint64" in DataView.prototype`},
		fails: map[string]string{
			`1n`: "SyntaxError", `0xffn`: "SyntaxError", `-1_0n`: "SyntaxError", `({ 1n: 2 })`: "SyntaxError",
			`(() => 12345678901234567890n)`: "SyntaxError", `1n + 2n`: "SyntaxError",
		},
		names: `["BigInt", "asIntN", "BigInt64Array", "getBigInt64"]`,
	},
	{
		bit:     qjswasm.IntrinsicWeakRef,
		present: []string{`typeof WeakRef === "function"`, `typeof FinalizationRegistry === "function"`},
		names:   `["WeakRef", "FinalizationRegistry", "deref"]`,
	},
	{
		bit:     qjswasm.IntrinsicDate,
		present: []string{`typeof Date === "function"`},
		names:   `["Date", "getTime"]`,
	},
	{
		bit:     qjswasm.IntrinsicJSON,
		present: []string{`typeof JSON === "object"`},
		names:   `["stringify", "rawJSON"]`,
	},
	{
		bit: qjswasm.IntrinsicIterator,
		present: []string{`typeof Iterator === "function"`, `"map" in [].values()`, `"take" in (function*() {})()`,
			`Object.hasOwn(Object.getPrototypeOf(Object.getPrototypeOf([].values())), "constructor")`},
		names: `["Iterator", "take", "toArray", "zip"]`,
	},
	{
		bit:     qjswasm.IntrinsicPerformance,
		present: []string{`typeof performance === "object"`},
	},
	{
		bit:     qjswasm.IntrinsicConsole,
		present: []string{`typeof console === "object"`},
		names:   `["timeEnd"]`,
	},
	{
		bit:     qjswasm.IntrinsicBase64,
		present: []string{`typeof atob === "function"`, `typeof btoa === "function"`, `typeof DOMException === "function"`},
		names:   `["atob", "btoa", "DOMException"]`,
	},
}

// reachable is the names of all functions that a script can get hold of: from the
// global object and from what syntax makes, by properties, accessors and prototypes.
const reachable = `(() => {
	const found = [globalThis, function() {}, () => {}, function*() {}, class {}, [].values(), ""[Symbol.iterator](),
		(function*() {})(), (function() { return arguments })(), (function() { "use strict"; return arguments })(), [], {}, "", 0, true, Symbol()]
	const make = code => { try { found.push((0, eval)(code)) } catch {} }
	if (typeof eval === "function") {
		["/x/", "1n", "(async function() {})", "(async function*() {})", "(async () => {})()", "(async function*() {})()", "import('x').catch(() => {})",
			"'a'.matchAll(/a/g)", "new Map().entries()", "new Set().values()", "[].values().map(x => x)", "Iterator.from({ next() {} })"].forEach(make)
	}
	const names = {}, mark = Symbol("seen")
	while (found.length) {
		let x = found.pop()
		if (x === null || x === undefined) continue
		if (typeof x !== "object" && typeof x !== "function") x = Object.getPrototypeOf(x)
		if (Object.hasOwn(x, mark)) continue
		for (const key of [...Object.getOwnPropertyNames(x), ...Object.getOwnPropertySymbols(x)]) {
			const d = Object.getOwnPropertyDescriptor(x, key)
			if (typeof x === "function" && key === "name") names["$" + d.value] = true
			found.push(d.value, d.get, d.set)
		}
		found.push(Object.getPrototypeOf(x))
		if (Object.isExtensible(x)) Object.defineProperty(x, mark, { value: true })
	}
	return names
})()`

func TestIntrinsicGroups(t *testing.T) {
	all := newRuntime(t, nil)
	var listed qjswasm.Intrinsics = qjswasm.IntrinsicCore
	for _, g := range intrinsicGroups {
		listed |= g.bit
		t.Run(g.bit.String(), func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.AllIntrinsics &^ g.bit})
			for _, expr := range g.present {
				assert.True(t, evalTo[bool](t, all, expr), expr)
				assert.False(t, evalTo[bool](t, rt, expr), expr)
			}
			for code, name := range g.fails {
				_, err := all.Eval(ctx, code)
				assert.NoError(t, err, code)
				_, err = rt.Eval(ctx, code)
				var e *qjswasm.Error
				if assert.ErrorAs(t, err, &e, code) {
					assert.Equal(t, name, e.Name, "%s: %v", code, err)
				}
			}
			if g.names != "" {
				check := `(names => ` + g.names + `.filter(n => ("$" + n) in names))(` + reachable + `)`
				assert.Equal(t, evalTo[[]string](t, newRuntime(t, nil), g.names), evalTo[[]string](t, newRuntime(t, nil), check), "the walk finds them when they are there")
				assert.Empty(t, evalTo[[]string](t, rt, check))
			}
		})
	}
	assert.Equal(t, qjswasm.AllIntrinsics, listed, "every group is tested")
}

// crossing values in both directions, with what each needs.
var intrinsicValues = []struct {
	value any
	needs qjswasm.Intrinsics
}{
	{nil, 0}, {true, 0}, {1.5, 0}, {"text", 0}, {[]any{1, "a"}, 0}, {map[string]any{"a": 1}, 0}, {assert.AnError, 0},
	{func(a int) int { return a }, 0}, {int64(1) << 53, qjswasm.IntrinsicBigInt}, {uint64(1) << 60, qjswasm.IntrinsicBigInt},
	{big.NewInt(5), qjswasm.IntrinsicBigInt}, {time.Unix(0, 0), qjswasm.IntrinsicDate}, {[]byte{1}, qjswasm.IntrinsicTypedArrays},
	{map[int]string{1: "a"}, qjswasm.IntrinsicCollections}, {map[string]any{"deep": []any{time.Unix(0, 0)}}, qjswasm.IntrinsicDate},
}

func TestIntrinsicsLeftOut(t *testing.T) {
	sets := []qjswasm.Intrinsics{qjswasm.IntrinsicCore, qjswasm.AllIntrinsics, qjswasm.IntrinsicJSON}
	for _, g := range intrinsicGroups {
		sets = append(sets, qjswasm.AllIntrinsics&^g.bit, g.bit)
	}
	for _, set := range sets {
		t.Run(set.String(), func(t *testing.T) {
			var out bytes.Buffer
			rt := newRuntime(t, &qjswasm.Options{Intrinsics: set, Stdout: &out, Stderr: &out})
			assert.Equal(t, int64(2), eval(t, rt, "1+1").Int64())
			assert.Equal(t, "c,b,a", evalTo[string](t, rt, `[..."abc"].reverse().join()`))
			assert.Equal(t, []any{int64(1), int64(2)}, evalTo[any](t, rt, `[...(function*() { yield 1; yield 2 })()]`))
			_, err := rt.Eval(ctx, `null.x`)
			assert.ErrorContains(t, err, "TypeError")
			if set&qjswasm.IntrinsicConsole != 0 {
				eval(t, rt, `console.log([1, "a", { b: [] }, () => {}, class A {}, Symbol("s"), new Error("e"), null, undefined, -0, [,1], "x".repeat(200),
					function*() {}, (function*() {})(), [].values(), arguments => 1, globalThis, Object.create(null)]);
					console.table([{ a: 1 }]); console.dir({ a: { b: {} } }); console.log("%s %d %j %o", 1, 2, { a: 1 }, [3]);
					console.time("t"); console.timeEnd("t"); console.count(); console.group("g"); console.error(new TypeError("x", { cause: 1 }))`)
				assert.Contains(t, out.String(), "GeneratorFunction")
			}
			require.NoError(t, rt.Set("echo", func(x any) any { return x }))
			for _, v := range intrinsicValues {
				js, err := rt.NewValue(v.value)
				if v.needs&^set != 0 {
					var e *qjswasm.Error
					if assert.ErrorAs(t, err, &e, "%T", v.value) {
						assert.Equal(t, "TypeError", e.Name)
						assert.Contains(t, e.Message, "is not among the intrinsics of this runtime")
					}
					require.NoError(t, rt.Set("make", func() any { return v.value }))
					assert.Equal(t, "TypeError", evalTo[string](t, rt, `try { make(); "" } catch (e) { e.name }`), "%T", v.value)
					continue
				}
				require.NoError(t, err, "%T", v.value)
				_, err = js.Export()
				assert.NoError(t, err, "%T", v.value)
				echo, err := rt.Get("echo")
				require.NoError(t, err)
				_, err = echo.Call(ctx, nil, js)
				assert.NoError(t, err, "%T", v.value)
				_, err = js.MarshalJSON()
				if _, isFunc := v.value.(func(int) int); !isFunc && v.needs != qjswasm.IntrinsicBigInt {
					assert.NoError(t, err, "%T", v.value)
				}
			}
			f, err := rt.NewFunc("later", func() int { return 1 }, qjswasm.Async())
			require.NoError(t, err)
			_, err = f.Call(ctx, nil)
			if set&qjswasm.IntrinsicPromise != 0 {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, "Promise is not among the intrinsics")
			}
			require.NoError(t, rt.GC(ctx))
			require.NoError(t, rt.Freeze(ctx))
			requireUsable(t, rt)
		})
	}
}

func TestIntrinsicsModules(t *testing.T) {
	loader := qjswasm.FS(files(map[string]string{"a.js": `import { b } from "./b.js"; export const a = b + 1`, "b.js": `export const b = 1`,
		"tla.js": `export const x = await 1`, "forawait.js": `for await (const x of []);`, "using.js": `await using x = null`,
		"data.js": `import d from "./d.json" with { type: "json" }; export default d.x`, "d.json": `{"x": 7}`,
		"bytes.js": `import d from "./d.json" with { type: "bytes" }`}))
	rt := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.IntrinsicCore, Modules: loader})
	ns, err := rt.Import(ctx, "./a.js")
	require.NoError(t, err)
	a, err := ns.Get("a")
	require.NoError(t, err)
	assert.Equal(t, int64(2), a.Int64())
	ns, err = rt.EvalSource(ctx, qjswasm.Source{Name: "m.js", Module: true, Code: `import d from "./data.js"; export const y = d; export const url = import.meta.url`})
	require.NoError(t, err)
	y, err := ns.Get("y")
	require.NoError(t, err)
	assert.Equal(t, int64(7), y.Int64())
	for _, name := range []string{"tla.js", "forawait.js", "using.js"} {
		_, err := rt.Import(ctx, "./"+name)
		assert.ErrorContains(t, err, "SyntaxError: await is not supported", name)
	}
	_, err = rt.Import(ctx, "./bytes.js")
	assert.ErrorContains(t, err, "Uint8Array is not among the intrinsics")
	requireUsable(t, rt)
}

// TestIntrinsicsOfBytecode: bytecode from a runtime with more groups than the one
// that it is loaded in brings none of them along.
func TestIntrinsicsOfBytecode(t *testing.T) {
	all := newRuntime(t, nil)
	for code, without := range map[string]qjswasm.Intrinsics{
		`/a/.test("a")`:                  qjswasm.IntrinsicRegExp,
		`1n`:                             qjswasm.IntrinsicBigInt,
		`[123456789012345678901234567n]`: qjswasm.IntrinsicBigInt,
		`(() => () => -5n)`:              qjswasm.IntrinsicBigInt,
		`(async () => {})()`:             qjswasm.IntrinsicPromise,
		`({ async m() {} }).m()`:         qjswasm.IntrinsicPromise,
		`(async function*() {})()`:       qjswasm.IntrinsicPromise,
		`() => import("x")`:              qjswasm.IntrinsicPromise,
	} {
		bytecode, err := all.Compile(ctx, qjswasm.Source{Code: code})
		require.NoError(t, err, code)
		_, err = all.EvalSource(ctx, qjswasm.Source{Bytecode: bytecode})
		require.NoError(t, err, code)
		rt := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.AllIntrinsics &^ without})
		_, err = rt.EvalSource(ctx, qjswasm.Source{Bytecode: bytecode})
		assert.ErrorContains(t, err, "TypeError", code)
		assert.ErrorContains(t, err, "not supported", code)
		require.NoError(t, rt.GC(ctx))
		requireUsable(t, rt)
	}
	core := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.IntrinsicCore})
	bytecode, err := all.Compile(ctx, qjswasm.Source{Code: `[6, 7].reduce((a, b) => a * b)`})
	require.NoError(t, err)
	v, err := core.EvalSource(ctx, qjswasm.Source{Bytecode: bytecode})
	require.NoError(t, err)
	assert.Equal(t, int64(42), v.Int64())
	bytecode, err = all.Compile(ctx, qjswasm.Source{Name: "m.js", Module: true, Code: `export const x = await 5`})
	require.NoError(t, err)
	ns, err := core.EvalSource(ctx, qjswasm.Source{Name: "m.js", Bytecode: bytecode})
	require.NoError(t, err)
	v, err = ns.Get("x")
	require.NoError(t, err)
	assert.Equal(t, int64(5), v.Int64())
}

// TestEvalIsTheHosts: the compiler serves the host while scripts are denied it,
// also from where a script can run during compilation or a callback.
func TestEvalIsTheHosts(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.AllIntrinsics &^ qjswasm.IntrinsicEval})
	require.NoError(t, rt.Set("run", func(code string) (any, error) { return qjswasm.Eval[any](ctx, rt, code) }))
	assert.Equal(t, int64(3), eval(t, rt, `run("1 + 2")`).Int64())
	eval(t, rt, `var got = []; Error.prepareStackTrace = (e, frames) => {
		try { got.push(Function("return 1")()) } catch (e) { got.push(e.name) }
		for (const f of frames) { const g = f.getFunction?.(); if (g) try { got.push(g.constructor("1")) } catch (e) { got.push(e.name) } }
		return "" }`)
	_, err := rt.Eval(ctx, `syntax error`)
	require.Error(t, err)
	_, err = rt.Eval(ctx, `null.x`)
	require.Error(t, err)
	got := evalTo[[]any](t, rt, `got`)
	for _, x := range got {
		assert.Equal(t, "TypeError", x)
	}
}

func TestIntrinsicsOption(t *testing.T) {
	_, err := qjswasm.New(ctx, &qjswasm.Options{Intrinsics: qjswasm.AllIntrinsics + 1})
	assert.EqualError(t, err, "qjswasm: Intrinsics has bits that mean nothing: 0x10000")
	assert.Equal(t, "eval,json", (qjswasm.IntrinsicEval | qjswasm.IntrinsicJSON).String())
	assert.Equal(t, "core,0x10000", (qjswasm.IntrinsicCore | 1<<16).String())
	for set := range qjswasm.AllIntrinsics {
		got, err := qjswasm.ParseIntrinsics(set.String())
		require.NoError(t, err)
		require.Equal(t, set, got)
	}
	got, err := qjswasm.ParseIntrinsics(" Eval, REGEXP ")
	require.NoError(t, err)
	assert.Equal(t, qjswasm.IntrinsicEval|qjswasm.IntrinsicRegExp, got)
	_, err = qjswasm.ParseIntrinsics("eval,map")
	assert.ErrorContains(t, err, `unknown intrinsics "map", the groups are core, eval, regexp`)
}

// TestIntrinsicsConcurrently makes runtimes of many sets at once, more sets than
// an engine keeps images of.
func TestIntrinsicsConcurrently(t *testing.T) {
	e, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(t, err)
	defer e.Close(ctx)
	var wg sync.WaitGroup
	for i := range 80 {
		wg.Go(func() {
			set := qjswasm.IntrinsicCore | qjswasm.Intrinsics(i%20)<<4
			rt, err := e.NewRuntime(ctx, &qjswasm.Options{Intrinsics: set})
			if !assert.NoError(t, err) {
				return
			}
			defer rt.Close()
			has, err := qjswasm.Eval[bool](ctx, rt, `typeof Reflect === "object"`)
			assert.NoError(t, err)
			assert.Equal(t, set&qjswasm.IntrinsicReflect != 0, has)
		})
	}
	wg.Wait()
}
