package qjswasm_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// peak runs f and tells how much Go's heap grew at its highest, as far as
// samples show. What is garbage counts: nothing is collected but by Go's pace.
func peak(t *testing.T, f func()) uint64 {
	t.Helper()
	live := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	runtime.GC()
	before := live()
	quit, done := make(chan struct{}), make(chan uint64)
	go func() {
		highest := uint64(0)
		for {
			select {
			case <-quit:
				done <- highest
				return
			case <-time.After(2 * time.Millisecond):
				highest = max(highest, live())
			}
		}
	}()
	f()
	highest := live()
	close(quit)
	return max(highest, <-done, before) - before
}

// hostile scripts try to make Go's heap grow. Each runs in a function and gets a
// host that keeps what it is given.
var hostile = map[string]string{
	"empty objects":       "exported(Array.from({length: 1e6}, () => ({})))",
	"nested arrays":       "let a = []; for (let i = 0; i < 1e6; i++) a.push([i]); exported(a)",
	"maps":                "exported(Array.from({length: 2e5}, () => new Map([[1, 2]])))",
	"keys":                "const o = {}; for (let i = 0; i < 3e5; i++) o['k' + i] = i; exported(o)",
	"strings":             "const s = 'é'.repeat(1 << 20); exported(Array(60).fill(s))",
	"one string in all":   "const s = 'x'.repeat(1 << 20); texts(...Array(20000).fill(s))",
	"slices of a string":  "const s = 'x'.repeat(1 << 20); texts(...Array.from({length: 20000}, (_, i) => s.slice(i)))",
	"BigInts":             "const b = 2n ** 1000000n; values(...Array(20000).fill(b))",
	"one string, dynamic": "const s = 'x'.repeat(1 << 20); values(...Array(20000).fill(s))",
	"functions":           "exported(Array.from({length: 2e5}, () => () => 1))",
	"one function kept":   "const f = () => 1; for (;;) keep(f)",
	"functions from Go":   "const a = []; for (;;) a.push(maker())",
	"errors from Go":      "const a = []; for (;;) { try { fail('x'.repeat(1000)) } catch (e) { if (e instanceof InternalError) throw e; a.push(e) } }",
	"errors in errors":    "let last; try { fail('') } catch (e) { last = e } for (;;) { try { wrap(last) } catch (e) { if (e instanceof InternalError) throw e; last = e } }",
	"promises":            "const a = []; for (;;) a.push(slow())",
	"nested arguments":    "const s = 'x'.repeat(1 << 20); (function f(n) { again(f, s + n, n + 1) })(0)",
	"nested exports":      "const a = Array.from({length: 1e4}, () => ({})); (function f(n) { nested(f, a, n + 1) })(0)",
	"one large string":    "exportedText('x'.repeat(30 << 20))",
}

func TestHostMemoryIsBounded(t *testing.T) {
	const limit = 32 << 20
	for name, code := range hostile {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 256 << 20, HostMemoryLimit: limit, Timeout: 30 * time.Second})
			var kept []*qjswasm.Value
			release := make(chan struct{})
			var result any
			for name, fn := range map[string]any{
				"exported":     func(x any) { result = x },
				"exportedText": func(s string) { result = s },
				"texts":        func(s ...string) { result = s },
				"values":       func(c *qjswasm.Call) (any, error) { result = c.Args(); return nil, nil },
				"keep":         func(c *qjswasm.Call) (any, error) { kept = append(kept, c.Arg(0).Dup()); return nil, dupFailed(kept) },
				"maker":        func() any { return func() {} },
				"fail":         func(s string) error { return errors.New(s) },
				"wrap":         func(e error) error { return fmt.Errorf("wrapped: %w", e) },
				"again": func(c *qjswasm.Call) (any, error) {
					_ = c.Arg(1).String()
					return c.Arg(0).Call(c.Context(), nil, c.Arg(2))
				},
				"nested": func(f func(int) error, x any, n int) error { return f(n) },
			} {
				require.NoError(t, rt.Set(name, fn))
			}
			slow, err := rt.NewFunc("slow", func() { <-release }, qjswasm.Async())
			require.NoError(t, err)
			require.NoError(t, rt.Set("slow", slow))
			slow.Close()
			before := collect(t, rt)

			grown := peak(t, func() { _, err = rt.Eval(ctx, "(() => {"+code+"})()") })
			t.Logf("grew by %d KiB: %v", grown>>10, firstLine(err))
			require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
			// Half of it is for garbage that Go has not collected yet.
			assert.Less(t, grown, uint64(3*limit))
			requireUsable(t, rt)

			// The same, caught: an InternalError, and the script goes on.
			caught := evalTo[string](t, rt, "(() => { try { (() => {"+code+"})() } catch (e) { return e.name } })()")
			assert.Equal(t, "InternalError", caught)

			// Nothing leaks.
			for _, v := range kept {
				v.Close()
			}
			kept, result = nil, nil
			_ = result
			close(release)
			err = nil
			for range 2000 { // until the goroutines have returned
				_, err = rt.RunJobs(ctx)
				require.NoError(t, err)
				if after := rt.Stats(); after.HostBytes <= before.HostBytes {
					break
				}
				collect(t, rt)
			}
			after := collect(t, rt)
			assert.Equal(t, before.HostBytes, after.HostBytes)
			assert.Equal(t, before.Callables, after.Callables)
			assert.Equal(t, before.Roots, after.Roots)
			requireUsable(t, rt)
		})
	}
}

// dupFailed reports the last Value that could not be made.
func dupFailed(kept []*qjswasm.Value) error {
	_, err := kept[len(kept)-1].Get("x")
	if errors.Is(err, qjswasm.ErrReleased) {
		return fmt.Errorf("keeping it: %w", qjswasm.ErrMemoryLimit)
	}
	return nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(fmt.Sprint(err), "\n")
	return line[:min(len(line), 200)]
}

// A call engine's native stack grows with the guest's, many times as large. A
// script that recurses on every level of nested calls must not have one kept for
// each.
func TestDeepStacksAreNotKept(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("nest", func(c *qjswasm.Call) (any, error) { return c.Arg(0).Call(c.Context(), nil, c.Arg(1)) }))
	eval(t, rt, `
		function deep() { try { (function f() { f() })() } catch {} }
		function level(n) { if (n) nest(level, n - 1); deep() }
		function bottom(n) { if (n) bottom(n - 1); else nest(level, 3) }`)
	before := heapBytes()
	for _, code := range []string{"level(0)", "level(20)", "deep(); level(3); deep()", "bottom(1000)"} {
		eval(t, rt, code)
		assert.Less(t, heapBytes(), before+8<<20, code)
	}
}

// The estimates of what Values and callables take are not too low.
func TestHostEstimates(t *testing.T) {
	const n = 20_000
	measure := func(name string, fill func(rt *qjswasm.Runtime) any) {
		rt := newRuntime(t, nil)
		used, heap := rt.Stats().HostBytes, heapBytes()
		keep := fill(rt)
		grown := int64(heapBytes()) - int64(heap)
		estimate := rt.Stats().HostBytes - used
		t.Logf("%s: %d bytes each, estimated at %d", name, grown/n, estimate/n)
		assert.LessOrEqual(t, grown, estimate, name)
		runtime.KeepAlive(keep)
		runtime.KeepAlive(rt)
	}
	measure("Value", func(rt *qjswasm.Runtime) any {
		values := make([]*qjswasm.Value, n)
		for i := range values {
			values[i] = eval(t, rt, "({})")
		}
		return values
	})
	functions := func(fn func(i int) any) func(rt *qjswasm.Runtime) any {
		return func(rt *qjswasm.Runtime) any {
			i := 0
			require.NoError(t, rt.Set("make", func(*qjswasm.Call) (any, error) { i++; return fn(i), nil }))
			eval(t, rt, "globalThis.all = []; for (let i = 0; i < 20000; i++) all.push(make())")
			return nil
		}
	}
	measure("Func", functions(func(i int) any { return func(*qjswasm.Call) (any, error) { return i, nil } }))
	measure("function of a common type", functions(func(i int) any { return func(float64) float64 { return float64(i) } }))
	measure("function by reflection", functions(func(i int) any { return func(context.Context, int, string, []int) (int, error) { return i, nil } }))
	measure("error", functions(func(i int) any { return fmt.Errorf("error %d: %w", i, io.EOF) }))
}

func TestConsoleLimit(t *testing.T) {
	for name, c := range map[string]struct {
		limit int64
		line  int // bytes, the line end included
	}{"given": {1000, 10}, "default": {0, 1 << 14}} {
		t.Run(name, func(t *testing.T) {
			var out countingWriter
			rt := newRuntime(t, &qjswasm.Options{Stdout: &out, Stderr: &out, ConsoleLimit: c.limit, Timeout: time.Minute})
			limit := int(cmp.Or(c.limit, qjswasm.DefaultConsoleLimit))
			require.NoError(t, rt.Set("line", strings.Repeat("x", c.line-1)))
			_, err := rt.Eval(ctx, "globalThis.n = 0; for (;;) { n % 2 ? console.log(line) : console.error(line); n++ }")
			require.ErrorIs(t, err, qjswasm.ErrConsoleLimit)
			assert.Equal(t, int64(limit/c.line), eval(t, rt, "n").Int64())
			assert.Equal(t, limit, int(out))
			assert.Equal(t, "console limit exceeded (Options.ConsoleLimit)",
				evalTo[string](t, rt, "try { console.log('') } catch (e) { e.message }"))
			assert.Equal(t, limit, int(out))
			requireUsable(t, rt)
		})
	}
	t.Run("unlimited", func(t *testing.T) {
		var out countingWriter
		rt := newRuntime(t, &qjswasm.Options{Stdout: &out, ConsoleLimit: -1})
		eval(t, rt, "const s = 'x'.repeat(1 << 20); for (let i = 0; i < 20; i++) console.log(s)")
		assert.Greater(t, int(out), qjswasm.DefaultConsoleLimit)
	})
}

type countingWriter int

func (w *countingWriter) Write(b []byte) (int, error) {
	*w += countingWriter(len(b))
	return len(b), nil
}

// However long what a script throws is, an Error is of bounded size.
func TestErrorTextIsBounded(t *testing.T) {
	const max = 64<<10 + 16
	for name, code := range map[string]string{
		"message":           "throw new Error('é'.repeat(5e6))",
		"wide":              "throw new Error('世'.repeat(5e6))",
		"rope":              "let s = 'ab'; for (let i = 0; i < 22; i++) s += s + i; throw new Error(s)",
		"name":              "const e = new Error('x'); e.name = 'N'.repeat(1e7); throw e",
		"stack":             "const e = new Error('x'); Object.defineProperty(e, 'stack', { value: 's'.repeat(1e7) }); throw e",
		"prepared stack":    "Error.prepareStackTrace = () => '    at x (y:1:1)\n'.repeat(1e6); throw new Error('x')",
		"string":            "throw 's'.repeat(1e7)",
		"causes":            "const m = 'm'.repeat(1e5); let e; for (let i = 0; i < 1e4; i++) e = new Error(m, { cause: e }); throw e",
		"symbol":            "throw Symbol('d'.repeat(1e7))",
		"function":          "const o = { ['f'.repeat(1e6)]() { throw new Error('x') } }; o['f'.repeat(1e6)]()",
		"syntax":            "eval('let ' + 'v'.repeat(1e6) + ' = 1; let ' + 'v'.repeat(1e6))",
		"not a function":    "({}).x()['y'.repeat(1e6)]",
		"aggregate":         "throw new AggregateError(Array.from({length: 1e4}, () => new Error('x'.repeat(1e4))), 'a'.repeat(1e6))",
		"reference":         "globalThis['v'.repeat(1e6)] = 1; eval('v'.repeat(1e6 + 1))",
		"import":            "import('./' + 'm'.repeat(1e6)).then(null, e => { globalThis.caught = e }); throw 1",
		"many small frames": "Error.stackTraceLimit = Infinity; (function f(n) { if (n) f(n - 1); else throw new Error('deep') })(2000)",
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, nil)
			grown := peak(t, func() {
				_, err := rt.Eval(ctx, code)
				var e *qjswasm.Error
				require.ErrorAs(t, err, &e)
				total, causes := 0, 0
				for ; e != nil; causes++ {
					for _, s := range []string{e.Name, e.Message, e.Stack} {
						assert.LessOrEqual(t, len(s), max)
						assert.True(t, utf8.ValidString(s))
						assert.True(t, len(s) < max-16 || strings.HasSuffix(s, "… (cut)"), "a text that was cut says so")
						total += len(s)
					}
					assert.LessOrEqual(t, len(e.Frames), 1000)
					if errors.Is(err, qjswasm.ErrMemoryLimit) {
						t.Error("it is not a matter of memory")
					}
					var next *qjswasm.Error
					for _, w := range e.Unwrap() {
						errors.As(w, &next)
					}
					e = next
				}
				assert.LessOrEqual(t, total, 300<<10)
				assert.LessOrEqual(t, causes, 256)
				_ = err.Error()
			})
			t.Logf("grew by %d KiB", grown>>10)
			requireUsable(t, rt)
		})
	}
	rt := newRuntime(t, nil)
	_, err := rt.Eval(ctx, "throw new Error('x'.repeat(1e6))")
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, strings.Repeat("x", 64<<10)+"… (cut)", e.Message)
	assert.Equal(t, int64(1e6), must(must(e.Value().Get("message")).Len()), "Value has all of it")

	require.NoError(t, rt.Set("number", func(map[string]map[string]int) {}))
	_, err = rt.Eval(ctx, "number({['k'.repeat(1e6)]: {['j'.repeat(1e6)]: 'x'}})")
	require.ErrorContains(t, err, "… (cut)")
	assert.Less(t, len(err.Error()), 1000)
}

func TestHostMemoryOptions(t *testing.T) {
	for _, o := range []qjswasm.Options{{HostMemoryLimit: -1}, {HostMemoryLimit: 1}, {HostMemoryLimit: 1 << 60}} {
		_, err := qjswasm.New(ctx, &o)
		require.ErrorContains(t, err, "qjswasm: HostMemoryLimit of ")
	}
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: qjswasm.MinHostMemoryLimit})
	requireUsable(t, rt)
	_, err := qjswasm.Eval[[]any](ctx, rt, "Array(1e6).fill(1.5)")
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	var unfit *qjswasm.ConvertError
	require.ErrorAs(t, err, &unfit)
	require.ErrorContains(t, err, "Options.HostMemoryLimit")
	_, err = rt.Eval(ctx, "'x'.repeat(1e6)")
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)
}

// What a summary makes Go hold is bounded as well: beyond that, functions are kept as
// if there were none.
func TestSummaryBeyondHostMemoryLimit(t *testing.T) {
	t.Run("all alive", func(t *testing.T) { testSummaryBeyondLimit(t, `globalThis.gone = new WeakRef({})`) })
	// QuickJS keeps an entry that leads to its own map, and with it the Error, whose
	// Go error is gone for good.
	t.Run("one is gone", func(t *testing.T) {
		testSummaryBeyondLimit(t, `try { fail() } catch (e) {
			const m = new WeakMap()
			m.set(globalThis, {m, e})
			globalThis.gone = new WeakRef(e)
		}`)
	})
}

func testSummaryBeyondLimit(t *testing.T, before string) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 2 << 20, CycleGC: qjswasm.CycleGCManual})
	require.NoError(t, rt.Set("fail", func() error { return errors.New("gone") }))
	eval(t, rt, before)
	require.NoError(t, rt.GC(ctx))
	pairs := eval(t, rt, `(fs, n) => {
		const a = []
		for (const x of fs.slice(0, n)) {
			for (const y of fs.slice(0, n)) {
				const pair = {x, y, w: new WeakRef({x, y})}
				a.push(pair, pair) // two ways to it, so that it takes a group
			}
		}
		globalThis.weak = new WeakRef(a)
		return a
	}`)
	for _, x := range []struct{ n, demoted int }{{10, 100}, {100, 0}, {10, 100}, {100, 0}} {
		fs := make([]any, 100)
		for i := range fs {
			fs[i] = func() int { return i }
		}
		a, err := pairs.Call(ctx, nil, fs, x.n)
		require.NoError(t, err)
		hold, err := rt.NewFunc("hold", func() *qjswasm.Value { return a })
		require.NoError(t, err)
		require.NoError(t, a.Set("hold", hold))
		for range 2 {
			require.NoError(t, rt.GC(ctx))
			if x.demoted == 0 {
				assert.Zero(t, rt.Stats().Demoted)
				assert.Zero(t, rt.Stats().CycleEdges)
			} else {
				assert.NotZero(t, rt.Stats().Demoted)
			}
			assert.Equal(t, "undefined", eval(t, rt, `String(gone.deref())`).String())
			assert.Equal(t, "3 5", eval(t, rt, `(a => a[6].y() + " " + a[10].y())(weak.deref())`).String())
		}
		runtime.KeepAlive(a)
		a.Close()
		require.NoError(t, rt.GC(ctx))
		assert.Equal(t, "undefined", eval(t, rt, `String(weak.deref())`).String())
	}
}
