package qjswasm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func BenchmarkNewEvalClose(b *testing.B) {
	newRuntime(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		rt, err := qjswasm.New(ctx, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := rt.Eval(ctx, "1+1"); err != nil {
			b.Fatal(err)
		}
		if err := rt.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// A process that starts: compile or load the guest, make a runtime, evaluate.
func BenchmarkColdEngine(b *testing.B) {
	for name, o := range map[string]qjswasm.EngineOptions{
		"cache":   {CacheDir: b.TempDir()},
		"nocache": {NoCache: true},
	} {
		b.Run(name, func(b *testing.B) {
			if !o.NoCache { // fill it
				e, err := qjswasm.NewEngine(ctx, &o)
				require.NoError(b, err)
				e.Close(ctx)
			}
			for b.Loop() {
				e, err := qjswasm.NewEngine(ctx, &o)
				if err != nil {
					b.Fatal(err)
				}
				rt, err := e.NewRuntime(ctx, nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := rt.Eval(ctx, "1+1"); err != nil {
					b.Fatal(err)
				}
				rt.Close()
				e.Close(ctx)
			}
		})
	}
}

func BenchmarkEval(b *testing.B) {
	rt := newRuntime(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rt.Eval(ctx, "1+1"); err != nil {
			b.Fatal(err)
		}
	}
}

// benchCalls runs a JS loop of b.N calls of host, so that the figures are those
// of one call.
func benchCalls(b *testing.B, host any, call string) {
	rt := newRuntime(b, nil)
	require.NoError(b, rt.Set("host", host))
	require.NoError(b, rt.Set("long", strings.Repeat("x", 10<<10)))
	loop, err := qjswasm.As[func(context.Context, float64) (float64, error)](
		eval(b, rt, "(n => { let s = 'short', x; for (let i = 0; i < n; i++) x = "+call+"; return n })"))
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := loop(ctx, float64(b.N)); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkJSToGo(b *testing.B) {
	b.Run("raw/none", func(b *testing.B) {
		benchCalls(b, func(*qjswasm.Call) error { return nil }, "host()")
	})
	b.Run("raw/numbers", func(b *testing.B) {
		benchCalls(b, func(c *qjswasm.Call) error { c.ReturnFloat64(c.Float64(0) + c.Float64(1)); return nil }, "host(i, 0.5)")
	})
	b.Run("typed/none", func(b *testing.B) { benchCalls(b, func() {}, "host()") })
	b.Run("typed/numbers", func(b *testing.B) {
		benchCalls(b, func(x, y float64) float64 { return x + y }, "host(i, 0.5)")
	})
	b.Run("typed/string", func(b *testing.B) { benchCalls(b, func(s string) string { return s }, "host(s)") })
	b.Run("typed/length", func(b *testing.B) { benchCalls(b, func(s string) int { return len(s) }, "host(s)") })
	b.Run("typed/string10K", func(b *testing.B) { benchCalls(b, func(s string) string { return s }, "host(long)") })
	b.Run("dynamic/numbers", func(b *testing.B) {
		benchCalls(b, func(c *qjswasm.Call) (any, error) { return c.Arg(0).Float64() + c.Arg(1).Float64(), nil }, "host(i, 0.5)")
	})
	b.Run("reflect/numbers", func(b *testing.B) {
		benchCalls(b, func(x int, y float32) float32 { return float32(x) + y }, "host(i, 0.5)")
	})
}

func BenchmarkGoToJS(b *testing.B) {
	rt := newRuntime(b, nil)
	b.Run("typed/none", func(b *testing.B) {
		f, err := qjswasm.As[func(context.Context) error](eval(b, rt, "(() => {})"))
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if err := f(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("typed/numbers", func(b *testing.B) {
		f, err := qjswasm.As[func(context.Context, float64, float64) (float64, error)](eval(b, rt, "((a, b) => a + b)"))
		require.NoError(b, err)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f(ctx, 1, 0.5); err != nil {
				b.Fatal(err)
			}
		}
	})
	id, err := qjswasm.As[func(context.Context, string) (string, error)](eval(b, rt, "(s => s)"))
	require.NoError(b, err)
	for name, s := range map[string]string{"typed/string": "short", "typed/string10K": strings.Repeat("x", 10<<10)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := id(ctx, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("Call/numbers", func(b *testing.B) {
		f := eval(b, rt, "((a, b) => a + b)")
		b.ReportAllocs()
		for b.Loop() {
			if _, err := f.Call(ctx, nil, 1, 0.5); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What the interpreter itself does, to compare builds of the guest with.
func BenchmarkCPU(b *testing.B) {
	for name, code := range map[string]string{
		"fib":    "(() => { const f = n => n < 2 ? n : f(n - 1) + f(n - 2); return f(24) })",
		"sieve":  "(() => { const n = 100000, a = new Uint8Array(n); let c = 0; for (let i = 2; i < n; i++) { if (a[i]) continue; c++; for (let j = i * 2; j < n; j += i) a[j] = 1 } return c })",
		"sort":   "(() => { const a = []; let x = 1; for (let i = 0; i < 20000; i++) a.push(x = x * 16807 % 2147483647); a.sort((p, q) => p - q); return a[0] })",
		"string": "(() => { let s = ''; for (let i = 0; i < 20000; i++) s += i.toString(36); return s.split('a').length })",
		"json":   "(() => { const o = []; for (let i = 0; i < 2000; i++) o.push({ id: i, name: 'n' + i, tags: ['a', 'b'] }); return JSON.parse(JSON.stringify(o)).length })",
		"object": "(() => { class P { constructor(x) { this.x = x } get y() { return this.x + 1 } } let s = 0; for (let i = 0; i < 50000; i++) s += new P(i).y; return s })",
		"regexp": "(() => { let n = 0; const r = /(\\w+)@(\\w+)\\.com/g, s = 'alice@example.com, bob@test.com; '.repeat(200); for (const m of s.matchAll(r)) n += m[1].length; return n })",
	} {
		b.Run(name, func(b *testing.B) {
			rt := newRuntime(b, nil)
			f, err := qjswasm.As[func(context.Context) error](eval(b, rt, code))
			require.NoError(b, err)
			for b.Loop() {
				if err := f(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestHotCallsDoNotAllocate(t *testing.T) {
	rt := newRuntime(t, nil)
	add, err := qjswasm.As[func(context.Context, float64, float64) (float64, error)](eval(t, rt, "((a, b) => a + b)"))
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = add(ctx, 1, 0.5) }), "Go to JS, typed")

	require.NoError(t, rt.Set("raw", func(c *qjswasm.Call) error { c.ReturnFloat64(c.Float64(0) + c.Float64(1)); return nil }))
	require.NoError(t, rt.Set("typed", func(a, b float64) float64 { return a + b }))
	for _, name := range []string{"raw", "typed"} {
		loop, err := qjswasm.As[func(context.Context, float64) (float64, error)](
			eval(t, rt, "(n => { let x; for (let i = 0; i < n; i++) x = "+name+"(i, 0.5); return x })"))
		require.NoError(t, err)
		require.Zero(t, testing.AllocsPerRun(10, func() { _, _ = loop(ctx, 1000) }), "JS to Go, "+name)
	}
}
