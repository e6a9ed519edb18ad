package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// scarce are operations that allocate in every way there is. Each is tried with
// memory for one allocation more than the time before, until it succeeds.
var scarce = []string{
	// code
	"eval('1')", "eval('(function f(a, b) { return a + b })')", "new Function('a', 'b', 'return a + b')",
	"eval('let {a, b: [c, ...d], ...e} = {a: 1, b: [1, 2, 3], x: 1, y: 2}; [c, d, e]')",
	"eval('class A { #x = 1; static y = 2; get z() { return this.#x } static { this.w = 3 } } class B extends A { constructor() { super() } } new B().z')",
	"eval('async function* g() { for await (const x of [1]) yield* [x] } g()')",
	"eval('switch (1) { case 1: break; default: } lbl: for (const i in {a: 1}) { continue lbl } try { throw 1 } catch ({x}) {} finally {}')",
	"eval('`a${1}b${2}c`; String.raw`x${3}y`; /a+(?<n>b)[^c]/giu; 123456789012345678901234567890n')",
	"eval('(' + '['.repeat(200) + ']'.repeat(200) + ')')", "eval('1' + '+1'.repeat(500))",
	"eval('var ' + Array.from({length: 200}, (_, i) => 'v' + i).join())",
	"eval('({' + Array.from({length: 100}, (_, i) => 'p' + i + ': ' + i).join() + '})')",
	"eval('with ({a: 1}) { a }')", "eval('(function () { \"use strict\"; return arguments })(1, 2)')",
	"eval('syntax error here')", "eval('let a; let a')", "eval('\"' + 'x'.repeat(3000) + '\"')",
	"eval('(a = 1, {b = 2} = {}, [c = 3] = [], ...d) => a + b + c')(1)",
	"(0, eval)('globalThis.zz = function () { return () => zz }; zz()()')", "new (Function.prototype.constructor)('return 1')()",
	"import('./none.js').catch(() => {})",
	// JSON and regular expressions
	"JSON.parse('{\"a\": [1, 2.5, \"x\\\\u1234\", null, true, {\"b\": {}}]}')", "JSON.parse('[' + '{\"k\":1},'.repeat(100) + '0]')",
	"JSON.parse('{\"a\":1}', (k, v) => [v])", "JSON.stringify({a: [1, 'x', {b: null}], c: 'y'.repeat(100)}, null, 2)",
	"JSON.stringify(Array.from({length: 100}, (_, i) => ({i})))", "JSON.parse('[1, 2')", "JSON.stringify({toJSON() { return [1] }}, (k, v) => v)",
	"new RegExp('(a+)+b|[x-z]{2,5}(?=c)(?<!d)', 'iu').exec('aaab')", "/(?<year>\\d{4})-(?<m>\\d\\d)/dgu.exec('2020-12')",
	"'aXbXc'.replace(/x/gi, m => m + m)", "'a1b2'.matchAll(/[a-z](\\d)/g).next()", "[...'a1b2'.matchAll(/[a-z](\\d)/g)]", "'a,b'.split(/,/)",
	"/(?:a|ab)(?:c|bcd)(?:d*)/.exec('abcd')", "/^(?:(a+)+)+$/.test('a'.repeat(20))", "new RegExp('(?:' + 'a|'.repeat(200) + 'b)').test('b')", "new RegExp('[' )",
	"/[\\p{L}--[a-z]]/v.test('A')", "new RegExp('\\\\p{Script=Greek}', 'u').test('α')",
	// strings
	"'x'.repeat(1000) + Math.random()", "('a'.repeat(300) + 'b'.repeat(300)).toUpperCase()", "'ab'.padStart(500, 'xy')", "'\\u0041\\u030a'.normalize('NFD')",
	"[1, 2, 3].join('-'.repeat(100))", "'a-b-c'.split('-')", "'x'.repeat(500).replaceAll('x', 'yy')", "escape('ü'.repeat(50)) + encodeURIComponent('ü'.repeat(50))",
	"let s = ''; for (let i = 0; i < 300; i++) s += i; s.length", "String.fromCodePoint(0x1f600, 0x41)", "'abc'.at(-1) + 'abc'.substring(1)", "(12345.678).toFixed(2) + (255).toString(16)",
	"Symbol('d').toString() + Symbol.for('e' + Math.random()).description",
	// numbers
	"2n ** 1000n", "(2n ** 500n * 3n ** 200n) % 7n", "(10n ** 100n).toString()", "BigInt('0x' + 'f'.repeat(200))", "BigInt.asUintN(300, -1n) ** 2n", "-(2n ** 64n) >> 3n", "BigInt(1e300) / 3n",
	// objects
	"({a: 1, get b() { return 2 }, ['c' + 1]: 3, ...{d: 4}})", "Object.fromEntries(Object.entries({a: 1, b: 2}))", "Object.assign({}, {a: 1}, [1, 2])",
	"Object.getOwnPropertyDescriptors({a: 1, b: 2})", "Object.defineProperty({}, 'x', {get() {}, enumerable: true})", "Object.freeze({a: [1]})", "const o = {}; for (let i = 0; i < 40; i++) o['k' + i] = i; o",
	"const o = {}; for (let i = 0; i < 20; i++) o['k' + i] = i; for (let i = 0; i < 20; i += 2) delete o['k' + i]; o.z = 1",
	"new Proxy({a: 1}, {ownKeys: t => Reflect.ownKeys(t), get: (t, k) => t[k]}).a", "Object.keys(new Proxy({a: 1}, {}))", "Object.groupBy([1, 2, 3], x => x % 2)",
	"class A { #p = 1; static s = new Map; m() { return this.#p } } new A().m()", "class B extends Array { constructor() { super(3) } } new B()", "class C extends (class { constructor() { this.x = 1 } }) {} new C()", "Reflect.construct(Date, [0])",
	"const {a, ...r} = {a: 1, b: 2, c: 3}; r", "const [x, ...y] = 'abc'; y", "new Error('x', {cause: new TypeError('y')}).stack", "new AggregateError([1, 2], 'm')", "null.x", "undefinedVariable", "(void 0)()",
	// collections
	"Array.from({length: 100}, (_, i) => [i])", "[3, 1, 2].toSorted((a, b) => a - b)", "[[1, [2]], 3].flat(3)", "[1, 2, 3].concat([4], [5, 6])", "Array(50).fill(0).map((_, i) => ({i}))",
	"const a = []; a[1000] = 1; a.length = 5; a.push(...Array(30))", "[5, 1, 4].sort()", "[1, 2, 3, 4].splice(1, 2, 'a', 'b', 'c')", "[1, 2].entries().toArray()",
	"new Map([[1, {}], ['a', []]])", "const m = new Map; for (let i = 0; i < 60; i++) m.set(i, i); m.forEach((v, k) => m.delete(k))", "new Set([1, 2, 3]).union(new Set([4]))", "new WeakMap([[{}, 1]])", "new WeakRef({}).deref()", "new FinalizationRegistry(() => {}).register({}, 1)",
	"new Uint8Array(100).map(x => x + 1)", "new Float64Array([1, 2, 3]).toReversed()", "new ArrayBuffer(100, {maxByteLength: 1000}).resize(500)", "new ArrayBuffer(64).transfer(128)", "new DataView(new ArrayBuffer(8)).setFloat64(0, 1)", "new SharedArrayBuffer(16)", "Uint8Array.from([1, 2]).subarray(1)", "new BigInt64Array(4).fill(1n)",
	// functions, generators, promises
	"(function* () { yield 1; yield* [2, 3] })().next()", "[...(function* () { try { yield 1 } finally { yield 2 } })()]", "const it = (function* () { while (true) yield 1 })(); it.next(); it.return(5)",
	"(async () => { await 1; await null })()", "(async function* () { yield 1 })().next()", "new Promise(r => r(1)).then(x => x).finally(() => {})", "Promise.all([1, Promise.resolve(2)])", "Promise.allSettled([Promise.reject(1)]).then(() => {})", "Promise.race([])", "Promise.withResolvers()", "queueMicrotask(() => {})", "({then(r) { r(1) }}); Promise.resolve({then(r) { r(1) }})",
	"((...args) => args)(1, 2, 3)", "Math.max(...Array(200).fill(1))", "(function () { return arguments })(1, 2)", "(x => y => z => x + y + z)(1)(2)(3)", "(() => {}).bind(null, 1, 2)", "Function.prototype.apply.call((a, b) => a, null, [1, 2])", "(function f(n) { return n ? f(n - 1) : [] })(50)",
	"Iterator.from([1, 2]).map(x => x).filter(x => x).take(1).toArray()", "new Date(0).toISOString() + new Date(0).toString()", "new Date('2020-01-01T00:00:00Z').toLocaleString()", "Date.parse('Jan 1 2020')",
	"console.log({a: [1, new Map([[1, 2]])]}, 'x%s', 1)", "console.table([{a: 1}, {a: 2}])", "console.trace('here')", "console.count('label' + Math.random())", "console.dir(new Proxy({}, {}))",
	// host
	"host({a: [1, 'x']})", "hostMakes()", "hostFails()", "hostCalls(() => [1])", "hostFunc()()", "hostAsync()", "new Host()", "host('x'.repeat(100) + Math.random())", "host(...Array(20).fill('abc'))",
}

// sweepCode tries operations with ever more memory: it fills memory to the last
// bytes, gives back one block at a time and looks at what is thrown.
const sweepCode = `
globalThis.sweep = function (op, steps, size) {
	const blocks = [], hog = [], bad = new Array(4).fill(null);
	let good = 0, failed = 0, wrong = 0;
	[1].pop(); new Error('made on first use') instanceof InternalError; // so are built-ins
	for (let i = 0; i < steps; i++) blocks.push(new Uint8Array(size));
	for (let n = 1 << 20; n >= 16; n >>= 1) try { for (;;) hog.push(new Uint8Array(n)) } catch {}
	try { for (;;) hog.push({}) } catch {}
	for (let i = 0; i < steps && good < 5; i++) {
		blocks.pop();
		try {
			op();
			good++;
		} catch (e) {
			failed++;
			if (e instanceof InternalError && e.message === 'out of memory') {
				if (typeof e.stack === 'string' && e.stack !== '') continue;
			} else if (e instanceof Error && e.message !== '') {
				continue;
			}
			if (wrong < 4) bad[wrong] = e;
			wrong++;
		}
	}
	hog.length = 0;
	blocks.length = 0;
	if (wrong) return wrong + ' wrong, such as ' + bad.map(e => e instanceof Error ? e.name + ': ' + e.message + ' stack ' + e.stack : String(e)).join();
	return [good, failed];
}`

// Whatever fails for want of memory, at whichever of its allocations, throws a
// real Error, and the runtime stays usable.
func TestScarceMemory(t *testing.T) {
	var rt *qjswasm.Runtime
	start := func() {
		rt = newRuntime(t, &qjswasm.Options{MemoryLimit: 4 << 20, Timeout: 20 * time.Second, Stdout: new(countingWriter), Stderr: new(countingWriter), Modules: noModules{}})
		eval(t, rt, sweepCode)
		for name, fn := range map[string]any{
			"host":      func(x ...any) any { return x },
			"hostMakes": func() any { return map[string]any{"a": []any{1, "x", map[string]any{}}, "f": func() {}} },
			"hostFails": func() error { return fmt.Errorf("failed: %w", errors.New("inner")) },
			"hostCalls": func(f func() (any, error)) (any, error) { return f() },
			"hostFunc":  func() any { return func(*qjswasm.Call) (any, error) { return []any{1}, nil } },
		} {
			require.NoError(t, rt.Set(name, fn))
		}
		f, err := rt.NewFunc("hostAsync", func() int { return 1 }, qjswasm.Async())
		require.NoError(t, err)
		require.NoError(t, rt.Set("hostAsync", f))
		f, err = rt.NewFunc("Host", func(*qjswasm.Call) (any, error) { return nil, nil }, qjswasm.Constructor())
		require.NoError(t, err)
		require.NoError(t, rt.Set("Host", f))
	}
	start()
	for i, op := range scarce {
		if testing.Short() && i%8 != 0 {
			continue
		}
		_, err := rt.Eval(ctx, "{"+op+"}")
		throws := err != nil
		for _, size := range []int{16, 100, 400, 3000} {
			v, err := rt.Eval(ctx, fmt.Sprintf("sweep(() => {%s}, 250, %d)", op, size))
			if err == nil {
				if v.IsString() {
					t.Errorf("%s: %s", op, v)
				} else if size == 3000 && !throws {
					assert.Positive(t, must(v.Get(0)).Int64(), "%s never succeeded", op)
				}
				_, err = rt.RunJobs(ctx)
			}
			if errors.Is(err, qjswasm.ErrDead) {
				t.Errorf("%s (%d): %v", op, size, err)
				start()
			} else if err != nil {
				t.Errorf("%s (%d): %v", op, size, err)
			}
			if i%16 == 0 {
				require.NoError(t, rt.GC(ctx))
			}
			requireUsable(t, rt)
		}
	}
}

// The guest's memory never exceeds the limit, rounded up to a page, whatever
// fills it; and it can be used up to the limit, less a sixteenth and the reserve.
func TestMemoryLimitIsExact(t *testing.T) {
	const page = 64 << 10
	patterns := map[string]string{
		"one buffer":        "for (let n = 1 << 16;; n *= 2) new ArrayBuffer(n)",
		"buffers":           "for (;;) a.push(new ArrayBuffer(1000))",
		"resizable buffers": "const b = new ArrayBuffer(0, {maxByteLength: 1 << 30}); for (let n = 1;; n *= 2) b.resize(n)",
		"growing typed":     "for (let n = 1;; n *= 2) a.push(new Float64Array(n))",
		"strings":           "for (let i = 0;; i++) a.push('s' + i)",
		"ropes":             "for (;;) { let s = 'ab'; for (let i = 0; i < 20; i++) a.push(s = s + 'c' + s) }",
		"flat strings":      "let s = 'ab'; for (;;) { s = (s + s).toUpperCase(); a.push(s) }",
		"array":             "for (let i = 0;; i++) a[i] = i",
		"sparse array":      "for (let i = 0;; i += 7) a[i * 1000] = i",
		"objects":           "for (;;) a.push({a: 1, b: {}})",
		"map":               "const m = new Map; for (let i = 0;; i++) m.set(i, {})",
		"symbols":           "for (let i = 0;; i++) a.push(Symbol('d' + i))",
		"BigInts":           "for (let i = 0n;; i++) a.push(1n << (1000n + i))",
		"closures":          "for (let i = 0;; i++) a.push(() => i)",
		"generators":        "function* g() { yield 1 } for (;;) { const i = g(); i.next(); a.push(i) }",
		"promises":          "for (;;) a.push(new Promise(r => a.push(r)))",
		"regexps":           "for (let i = 0;; i++) a.push(new RegExp('(a|b)*' + i))",
		"backtracking":      "/(?:(a)|b)*c/.test('ab'.repeat(1 << 22))",
		"parser":            "eval('[' + '1,'.repeat(1 << 22) + ']')",
		"JSON":              "JSON.parse('[' + '{},'.repeat(1 << 20) + '0]')",
		"recursion":         "function f(n) { a.push(new Array(100).fill(n)); f(n + 1) } for (;;) try { f(0) } catch (e) { if (e instanceof InternalError) throw e }",
		"host":              "for (;;) a.push(maker())",
		"errors":            "for (;;) { try { null.x } catch (e) { a.push(e) } }",
	}
	for name, code := range patterns {
		t.Run(name, func(t *testing.T) {
			const limit = 8<<20 + 1
			rt := newRuntime(t, &qjswasm.Options{MemoryLimit: limit, HostMemoryLimit: 1 << 30, Timeout: time.Minute})
			require.NoError(t, rt.Set("maker", func() any { return []any{func() {}, "text"} }))
			_, err := rt.Eval(ctx, "(() => { const a = []; "+code+"})()")
			require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
			var e *qjswasm.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "InternalError", e.Name)
			assert.Equal(t, "out of memory", e.Message)
			assert.NotEmpty(t, e.Stack)
			require.NoError(t, rt.GC(ctx))
			requireUsable(t, rt)
			assert.LessOrEqual(t, rt.Stats().GuestMemory, int64(8<<20+page))
		})
	}
	for _, pages := range []int64{64, 65, 100, 500} {
		rt := newRuntime(t, &qjswasm.Options{MemoryLimit: pages * page})
		fits := func(n int64) bool {
			_, err := rt.Eval(ctx, fmt.Sprintf("new ArrayBuffer(%d).byteLength", n))
			if err != nil {
				require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
			}
			require.NoError(t, rt.GC(ctx))
			return err == nil
		}
		low, high := int64(0), pages*page
		for high-low > 1000 {
			if middle := (low + high) / 2; fits(middle) {
				low = middle
			} else {
				high = middle
			}
		}
		assert.True(t, fits(low-page))
		assert.False(t, fits(low+page), "%d pages", pages)
		s := rt.Stats()
		free := pages*page - 1<<20 - s.GuestBytes
		t.Logf("%d pages: the largest buffer has %d of the %d bytes that are free", pages, low, free)
		assert.LessOrEqual(t, s.GuestMemory, pages*page)
		assert.Greater(t, low, free*15/16-6*page, "%d pages", pages)
	}
}

type noModules struct{}

func (noModules) Resolve(_ context.Context, _, specifier string) (string, error) {
	return specifier, nil
}
func (noModules) Load(_ context.Context, _ string) (qjswasm.Source, error) {
	return qjswasm.Source{}, errors.New("none")
}
