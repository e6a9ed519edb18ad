package qjswasm_test

import (
	"cmp"
	"context"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// BenchmarkCycleGC is one Runtime.GC with 100,000 objects alive, and as ms/round
// what looking for cycles took in the shortest of them: an automatic collection is
// that alone.
func BenchmarkCycleGC(b *testing.B) {
	const objects = 100000
	list := "(n => Array.from({ length: n }, (_, i) => ({ i, text: 't' })))"
	for _, c := range []struct {
		name string
		fill func(b *testing.B, rt *qjswasm.Runtime) any
	}{
		{"globals", func(b *testing.B, rt *qjswasm.Runtime) any {
			return rt.Set("all", benchCall(b, rt, list, objects))
		}},
		{"10 roots", func(b *testing.B, rt *qjswasm.Runtime) any {
			return benchRoots(b, rt, list, 10, objects/10)
		}},
		{"1000 callables of globals", func(b *testing.B, rt *qjswasm.Runtime) any {
			all := benchCall(b, rt, list, objects-1000)
			for i := range 1000 {
				f, err := rt.NewFunc("f", func() int { return i })
				require.NoError(b, err)
				require.NoError(b, all.Set(i, f))
			}
			return rt.Set("all", all)
		}},
		{"1000 cycles", func(b *testing.B, rt *qjswasm.Runtime) any {
			roots := benchRoots(b, rt, list, 1000, objects/1000-1)
			for _, root := range roots {
				f, err := rt.NewFunc("f", func() (int64, error) { return root.Len() })
				require.NoError(b, err)
				require.NoError(b, root.Set("f", f))
			}
			return roots
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			rt := newRuntime(b, nil)
			held := c.fill(b, rt)
			require.NoError(b, rt.GC(ctx))
			before, shortest := rt.Stats(), time.Duration(0)
			for b.Loop() {
				if err := rt.GC(ctx); err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				after := rt.Stats()
				if rounds := time.Duration(after.CycleRounds - before.CycleRounds); rounds > 0 {
					round := (after.CycleTime - before.CycleTime) / rounds
					shortest = min(cmp.Or(shortest, round), round)
				}
				before = after
				b.StartTimer()
			}
			runtime.KeepAlive(held)
			b.ReportMetric(float64(before.GuestObjects), "objects")
			b.ReportMetric(float64(shortest)/float64(time.Millisecond), "ms/round")
		})
	}
}

func benchCall(b *testing.B, rt *qjswasm.Runtime, f string, n int) *qjswasm.Value {
	b.Helper()
	v, err := eval(b, rt, f).Call(ctx, nil, n)
	require.NoError(b, err)
	return v
}

func benchRoots(b *testing.B, rt *qjswasm.Runtime, f string, roots, each int) (all []*qjswasm.Value) {
	b.Helper()
	for range roots {
		all = append(all, benchCall(b, rt, f, each))
	}
	return all
}

// BenchmarkCycle is the life of one closure that captures its own function, made
// by a script's call, used and dropped: with automatic collection, without any,
// and with a value that was captured for the guest to see, which needs none.
func BenchmarkCycle(b *testing.B) {
	for _, c := range []struct {
		name     string
		mode     qjswasm.CycleGC
		captures bool
	}{
		{"auto", qjswasm.CycleGCAuto, false},
		{"off", qjswasm.CycleGCOff, false},
		{"Captures", qjswasm.CycleGCAuto, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			rt := newRuntime(b, &qjswasm.Options{CycleGC: c.mode, MemoryLimit: 2 << 30})
			run, err := qjswasm.As[func(context.Context, *qjswasm.Value, *qjswasm.Value) error](
				eval(b, rt, "(f, o) => { o.f = f; f() }"))
			require.NoError(b, err)
			object := eval(b, rt, "() => ({})")
			b.ReportAllocs()
			for b.Loop() {
				o, err := object.Call(ctx, nil)
				if err != nil {
					b.Fatal(err)
				}
				var f *qjswasm.Value
				if c.captures {
					f, err = rt.NewFunc("f", func(c *qjswasm.Call) (any, error) {
						return nil, c.Captured(0).Set("n", 1)
					}, qjswasm.Captures(o))
				} else {
					f, err = rt.NewFunc("f", func() error { return o.Set("n", 1) })
				}
				if err == nil {
					err = run(ctx, f, o)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCycleGCIsLeft is, as ms/left, how long Runtime.GC goes on after its context is
// done, somewhere in it, with a million objects alive that only Values hold: the median,
// and as max-ms/left the longest.
func BenchmarkCycleGCIsLeft(b *testing.B) {
	const objects = 1_000_000
	rt := newRuntime(b, &qjswasm.Options{MemoryLimit: 2 << 30})
	roots := benchRoots(b, rt, "(n => Array.from({ length: n }, (_, i) => ({ i, text: 't' })))", 10, objects/10)
	require.NoError(b, rt.GC(ctx))
	begin := time.Now()
	require.NoError(b, rt.GC(ctx))
	whole := time.Since(begin)
	var all []time.Duration
	for b.Loop() {
		var done atomic.Pointer[time.Time]
		gc, cancel := context.WithCancel(ctx)
		timer := time.AfterFunc(rand.N(whole), func() {
			now := time.Now()
			cancel()
			done.Store(&now)
		})
		err := rt.GC(gc)
		end := time.Now()
		if at := done.Load(); err != nil && at != nil {
			all = append(all, end.Sub(*at))
		}
		timer.Stop()
		cancel()
	}
	runtime.KeepAlive(roots)
	if slices.Sort(all); len(all) > 0 {
		b.ReportMetric(float64(all[len(all)/2])/float64(time.Millisecond), "ms/left")
		b.ReportMetric(float64(all[len(all)-1])/float64(time.Millisecond), "max-ms/left")
	}
}
