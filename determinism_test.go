package qjswasm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// outcome is all that a host can observe of a run.
type outcome struct {
	Result, Error, Console string
	Jobs, Clock            int // jobs run, and times the clock was read
	Stats                  qjswasm.Stats
}

// repeatable is one run with everything given.
func repeatable(t *testing.T, e *qjswasm.Engine, seed uint64, freeze bool, code string) outcome {
	t.Helper()
	var out outcome
	var console bytes.Buffer
	now := time.Date(2024, 2, 29, 23, 59, 59, 0, time.FixedZone("", 5*3600))
	rt, err := e.NewRuntime(ctx, &qjswasm.Options{
		MemoryLimit: qjswasm.MinMemoryLimit,
		StackSize:   128 << 10, // wazero's interpreter has a limit of its own above that
		Seed:        &seed,
		Stdout:      &console,
		Stderr:      &console,
		Now: func() time.Time {
			out.Clock++
			now = now.Add(1500 * time.Microsecond)
			return now
		},
		Modules: qjswasm.FS(files(map[string]string{"m.js": "export const m = Math.random(); console.log(import.meta.url)"})),
	})
	require.NoError(t, err)
	defer rt.Close()
	if freeze {
		require.NoError(t, rt.Freeze(ctx))
	}
	require.NoError(t, rt.Set("host", func(c *qjswasm.Call) (any, error) {
		switch c.Arg(0).String() {
		case "throw":
			return nil, os.ErrNotExist
		case "nested":
			v, err := rt.Eval(c.Context(), "[Math.random(), Date.now()]")
			if err != nil {
				return nil, err
			}
			defer v.Close()
			return v.Export()
		}
		return map[string]any{"n": c.NumArgs(), "bytes": []byte{1, 2}, "when": time.Unix(1, 0)}, nil
	}))
	v, err := rt.Eval(ctx, code)
	if err != nil {
		var e *qjswasm.Error
		require.ErrorAs(t, err, &e)
		out.Error = e.Error() + "\n" + e.Stack
	} else {
		out.Result = v.String()
		v.Close()
	}
	out.Jobs, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	ns, err := rt.Import(ctx, "./m.js")
	require.NoError(t, err)
	ns.Close()
	ns, err = rt.EvalSource(ctx, qjswasm.Source{Name: "main.js", Module: true, Code: `export * from "./m.js"; export const x = await 1`})
	require.NoError(t, err)
	ns.Close()
	v, err = rt.Eval(ctx, `typeof after === "undefined" ? "" : JSON.stringify(after)`)
	require.NoError(t, err)
	out.Result += v.String()
	v.Close()
	require.NoError(t, rt.GC(ctx))
	out.Console = console.String()
	out.Stats = rt.Stats()
	out.Stats.CycleTime = 0
	return out
}

var repeatablePrograms = map[string]string{
	"random":          `Array.from({ length: 50 }, Math.random).join()`,
	"clock":           `[Date.now(), new Date(), +new Date(), performance.now(), performance.timeOrigin, new Date().getTimezoneOffset()].join()`,
	"local time":      `[new Date(2020, 6, 1), new Date("2020-07-01T00:00"), new Date("2020-07-01"), Date.parse("Jul 1 2020 10:00"), Date.parse("1 Jul 2020 10:00 EST"), new Date(2020, 6, 1).toLocaleString(), new Date(0).toString(), new Date(0).toLocaleDateString("de"), new Date(1e12).toLocaleTimeString(), new Date(-1, 0), new Date(NaN)].join(" | ")`,
	"hash order":      `const m = new Map(), s = new Set(), o = {}; for (let i = 0; i < 3000; i++) { const k = "k" + (i * 7919 % 3001); m.set(k, i); m.set({ i }, i); s.add(Symbol(k)); o[k] = i; if (i % 3) { m.delete("k" + i); delete o["k" + i] } } [[...m.keys()].map(k => typeof k === "string" ? k : k.i).join(), Object.keys(o).join(), [...s].slice(-3).map(String), Object.keys(globalThis), Object.getOwnPropertyNames(globalThis)].join()`,
	"sort":            `const a = Array.from({ length: 2000 }, (_, i) => ({ k: i * 7 % 10, i })); const unstable = Array.from({ length: 500 }, () => Math.random()); unstable.sort(() => Math.random() - 0.5); [a.sort((x, y) => x.k - y.k).map(x => x.i), unstable, [3, 1, undefined, "x", , 2].sort(), ["b", "a", "\u{1F600}", "\uFFFF"].sort(), new Float64Array([3, NaN, -0, 0, 1]).sort()].join()`,
	"weak":            `var after = { cleaned: [], alive: [] }; const reg = new FinalizationRegistry(x => after.cleaned.push(x)), refs = []; for (let i = 0; i < 3000; i++) { let o = { i, pad: new Array(50) }; o.self = o; reg.register(o, i); if (i % 10 === 0) refs.push(new WeakRef(o)) } after.alive = refs.map(r => r.deref()?.i); const wm = new WeakMap(); for (let i = 0; i < 500; i++) wm.set({}, i); after.cleaned.length`,
	"NaN":             `const f = new Float64Array([NaN, 0 / 0, -NaN, Math.sqrt(-1), Infinity - Infinity, +"x", Math.asin(2), Math.pow(-8, 1 / 3), Infinity * 0, NaN ** 2, Math.max(NaN, 1), -(0 / 0), Math.log(-1), undefined + 1, Math.fround(NaN), 5 % 0]); const g = new Float32Array(f), h = new Float16Array(f); const raw = new Uint8Array([1, 2, 3, 4, 5, 6, 0xf8, 0xff, 9, 9, 9, 9, 9, 9, 0xf1, 0x7f]), r = new Float64Array(raw.buffer); const s = new Float64Array(r.length); s[0] = r[0]; s.set([r[1]], 1); const d = new DataView(new ArrayBuffer(16)); d.setFloat64(0, r[0]); d.setFloat32(8, r[1]); d.setFloat16(12, r[1]); [f, g, h, s, d].map(x => [...new Uint8Array(x.buffer)].map(b => b.toString(16).padStart(2, "0")).join("")).join("|")`,
	"floats":          `const out = []; for (let i = -30; i < 30; i++) { const x = Math.PI * 10 ** i; out.push(x, x.toFixed(5), x.toPrecision(17), x.toExponential(10), x.toString(3), Math.sin(x), Math.cos(x), Math.tan(x), Math.exp(x / 1e9), Math.log(x), Math.pow(x, 0.3), Math.atan2(x, 2), Math.hypot(x, 3), Math.cbrt(x), Math.fround(x), Math.sinh(x % 10), Math.expm1(x % 1), Math.log1p(x)) } out.push(0.1 + 0.2, 5e-324, 1.7976931348623157e308, (1e21).toLocaleString(), parseFloat("1e-400"), Math.sumPrecise([1e100, 1, -1e100])); out.join()`,
	"strings":         `let s = ""; for (let i = 0; i < 2000; i++) s += String.fromCodePoint(i * 31 % 0xd7ff); [s.normalize("NFKD").length, s.toUpperCase().length, s.localeCompare("b"), "a".localeCompare("B"), "i".toLocaleUpperCase("tr"), s.split("").sort().join("").slice(0, 100), escape(s.slice(0, 50)), Symbol("x" + s.length).description, String(Symbol.for("y")), s.isWellFormed()].join()`,
	"bigint":          `let x = 1n; for (let i = 1n; i < 300n; i++) x *= i; [x, x / 7n ** 50n, -x % 12345n, x.toString(36), BigInt.asIntN(64, x), x ** 3n > x << 900n].join()`,
	"regexes":         `const text = "the quick brown fox ".repeat(50); [text.match(/(?<w>\w+) (?=b)/g), text.replace(/(?<=q)u/gu, m => m + Math.random()), /(a+)+$/.test("a".repeat(12) + "b"), [..."x1y22".matchAll(/\d+/g)].map(m => m.index), /[\p{L}--[a-z]]/v.exec("abC")].join()`,
	"errors":          `function a() { b() } const b = () => { class C { constructor() { null.x } } new C() }; const errs = []; for (const f of [a, () => undefinedName, () => { throw new AggregateError([1, new Error("in")], "m", { cause: "c" }) }, () => eval("let"), () => [].reduce(() => {}), () => host("throw"), () => JSON.parse("{"), () => decodeURI("%"), () => new Array(-1)]) try { f() } catch (e) { errs.push(e.name, e.message, e.stack) } errs.join()`,
	"uncaught":        `function f(n) { if (n) f(n - 1); else throw new RangeError("deep", { cause: new Error("c") }) } f(20)`,
	"syntax":          `function ( {`,
	"stack depth":     `const depths = []; let n; const o = { get x() { n++; return this.x }, toString() { n++; return "" + this } }; class A { constructor() { n++; new A() } } function* g() { n++; yield* g() } const p = new Proxy({}, { get(t, k, r) { n++; return r[k] } }); for (const f of [function f() { n++; f() }, () => new A(), () => o.x, () => "" + o, function f() { n++; [1].map(f) }, () => [...g()], () => p.x, function f() { n++; eval("f()") }, function f() { n++; host(); Reflect.apply(f) }, function f() { n++; [2, 1].sort(f) }]) { n = 0; try { f() } catch (e) { depths.push(n, e.name, e.stack.length) } } depths.join()`,
	"memory":          `const counts = []; for (const f of [a => a.push(new Array(99).fill({})), a => a.push({ a: [{}] }), a => a.push("s" + a.length + "x".repeat(999)), a => a.push(new ArrayBuffer(10000)), a => a.push(Symbol("s".repeat(500))), a => a.push(new Map([[1, new Set("abcdef")]])), a => a.push(1n << 9000n)]) { let a = []; try { for (;;) f(a) } catch (e) { const n = a.length; a = null; counts.push(n, e && e.name, e && e.message) } } counts.join()`,
	"uncaught memory": `(() => { const a = []; for (;;) a.push(new Array(100).fill(a.length)) })()`,
	"promises":        `var after = []; const log = x => after.push(x); (async () => { log(1); await null; log(2); for await (const x of [3, Promise.resolve(4)]) log(x); try { await Promise.any([Promise.reject(1)]) } catch (e) { log(e.errors[0]) } log((await import("./m.js")).m) })(); Promise.race([new Promise(() => {}), 5]).then(log); queueMicrotask(() => log(6)); Promise.allSettled([1, Promise.reject(2)]).then(x => log(x.length)); log(0)`,
	"host":            `const x = host(1, 2); [JSON.stringify(x), x.when, x.bytes, host("nested"), Object.keys(host), host.name].join()`,
	"console":         `console.log({ a: [1, { b: new Map([[{}, new Set([1])]]) }], f() {}, d: new Date() }, Math.random()); console.table([{ x: 1 }]); console.time("t"); console.timeEnd("t"); console.error(new Error("e")); console.group(); console.count(); console.trace("tr"); console.log("%o %f", [1], 1.5)`,
	"json":            `JSON.stringify({ a: [1.5, null, "\ud800", { b: new Date() }], n: -0, u: undefined, big: 1e21, s: "x".repeat(1000) }, null, 2) + JSON.stringify(JSON.parse('{"2":1,"1":2,"b":3,"a":4,"__proto__":5}'))`,
	"buffers":         `const b = new ArrayBuffer(64, { maxByteLength: 128 }), u = new Uint32Array(b); u.forEach((_, i) => u[i] = Math.random() * 2 ** 32); b.resize(96); [...u, new Uint8Array(b).toBase64(), new Uint16Array(b, 2, 5).reverse(), b.slice(3, 9).byteLength].join()`,
	"generated":       `let src = "let r = 0;"; for (let i = 0; i < 500; i++) src += "function f" + i + "(x){return x*" + i + "+" + Math.random() + "};r+=f" + i + "(r % 10);"; [(0, eval)(src + ";r"), new Function("a", "b", "return a - b").toString()].join()`,
}

// TestRepeatable: with everything given, a run is the same run, whatever engine
// it is made on, and whether the guest is compiled or interpreted.
func TestRepeatable(t *testing.T) {
	t.Setenv("TZ", "America/New_York")
	t.Setenv("LANG", "tr_TR.UTF-8")
	first, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(t, err)
	defer first.Close(ctx)
	second, err := qjswasm.NewEngine(ctx, &qjswasm.EngineOptions{NoCache: true})
	require.NoError(t, err)
	defer second.Close(ctx)
	interpreter, err := qjswasm.NewEngine(ctx, &qjswasm.EngineOptions{Interpreter: true})
	require.NoError(t, err)
	defer interpreter.Close(ctx)
	for name, code := range repeatablePrograms {
		t.Run(name, func(t *testing.T) {
			want := repeatable(t, first, 42, false, code)
			require.NotEmpty(t, want.Result+want.Error)
			require.Positive(t, want.Stats.GuestObjects)
			done := collectAllTheTime()
			again := repeatable(t, first, 42, false, code)
			done()
			require.Equal(t, want, again, "in the same engine, whatever Go's collector does")
			require.Equal(t, want, repeatable(t, second, 42, false, code), "in another engine")
			frozen := repeatable(t, first, 42, true, code)
			require.Equal(t, frozen, repeatable(t, second, 42, true, code), "frozen")
			if !testing.Short() {
				require.Equal(t, want, repeatable(t, interpreter, 42, false, code), "interpreted")
			}
		})
	}
}

// collectAllTheTime keeps Go's collector busy until the result is called.
func collectAllTheTime() (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			default:
				runtime.GC()
			}
		}
	}()
	return func() { close(quit); <-ended }
}

// TestRepeatableValues pins what must not depend on the machine either.
func TestRepeatableValues(t *testing.T) {
	e, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(t, err)
	defer e.Close(ctx)
	t.Run("seeds differ", func(t *testing.T) {
		a, b := repeatable(t, e, 1, false, `Math.random()`), repeatable(t, e, 2, false, `Math.random()`)
		assert.NotEqual(t, a.Result, b.Result)
	})
	t.Run("NaN is one pattern", func(t *testing.T) {
		parts := strings.Split(repeatable(t, e, 1, false, repeatablePrograms["NaN"]).Result, "|")
		require.Len(t, parts, 5)
		assert.Equal(t, strings.Repeat("000000000000f87f", 16), parts[0])
		assert.Equal(t, strings.Repeat("0000c07f", 16), parts[1])
		assert.Equal(t, strings.Repeat("017c", 16), parts[2])
		assert.Equal(t, strings.Repeat("000000000000f87f", 2), parts[3])
		assert.Equal(t, "7ff80000000000007fc000007c010000", parts[4])
	})
	t.Run("local time is UTC", func(t *testing.T) {
		got := repeatable(t, e, 1, false, repeatablePrograms["local time"]).Result
		assert.True(t, strings.HasPrefix(got, "Wed Jul 01 2020 00:00:00 GMT+0000 | Wed Jul 01 2020 00:00:00 GMT+0000 | Wed Jul 01 2020 00:00:00 GMT+0000 | 1593597600000 | 1593615600000 |"), got)
	})
	t.Run("random", func(t *testing.T) {
		assert.Equal(t, "0.7822558479199242", repeatable(t, e, 42, false, `Math.random()`).Result)
	})
}

// TestOneImportFromOutside: what the guest imports is what it can learn from.
func TestOneImportFromOutside(t *testing.T) {
	text, err := os.ReadFile("wasm/imports.txt")
	require.NoError(t, err)
	var outside []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "qjs.") {
			outside = append(outside, line)
		}
	}
	assert.Equal(t, []string{"wasi_snapshot_preview1.clock_time_get"}, outside)
}

// TestRepeatableIntrinsics: leaving groups out is repeatable too.
func TestRepeatableIntrinsics(t *testing.T) {
	seed := uint64(7)
	var runs []string
	for range 2 {
		rt := newRuntime(t, &qjswasm.Options{Seed: &seed, Intrinsics: qjswasm.IntrinsicCore, Now: func() time.Time { return time.Unix(0, 0) }})
		v := eval(t, rt, `Object.getOwnPropertyNames(globalThis).join() + Math.random()`)
		b, err := json.Marshal(rt.Stats())
		require.NoError(t, err)
		runs = append(runs, fmt.Sprint(v, string(b)))
	}
	assert.Equal(t, runs[0], runs[1])
}
