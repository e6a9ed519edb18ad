package qjswasm_test

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// dropCycles makes n functions whose closures capture their own values, and
// keeps none. gone counts the closures that Go has collected.
func dropCycles(t testing.TB, rt *qjswasm.Runtime, n int, gone *atomic.Int64) {
	t.Helper()
	for range n {
		type payload struct {
			self *qjswasm.Value
			_    [100]byte
		}
		p := &payload{}
		f, err := rt.NewFunc("f", func() (int, error) { return number(p.self.Get("length")) })
		require.NoError(t, err)
		p.self = f
		runtime.AddCleanup(p, func(gone *atomic.Int64) { gone.Add(1) }, gone)
	}
}

// goesTo waits for the cleanups of what Go has collected.
func goesTo(t testing.TB, gone *atomic.Int64, want int) {
	t.Helper()
	require.Eventually(t, func() bool {
		runtime.GC()
		return gone.Load() == int64(want)
	}, 10*time.Second, 5*time.Millisecond, "%d closures of %d are gone", gone.Load(), want)
}

// Who collects cycles is what CycleGC says, and closing the runtime gives back
// what it left.
func TestCycleGCModes(t *testing.T) {
	const n = 20000
	for _, c := range []struct {
		name               string
		mode               qjswasm.CycleGC
		byItself, onDemand bool
	}{
		{"auto", qjswasm.CycleGCAuto, true, true},
		{"manual", qjswasm.CycleGCManual, false, true},
		{"off", qjswasm.CycleGCOff, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			rt, err := qjswasm.New(ctx, &qjswasm.Options{CycleGC: c.mode})
			require.NoError(t, err)
			defer rt.Close()
			require.NoError(t, rt.GC(ctx))
			start := rt.Stats()
			var gone atomic.Int64
			for range 40 {
				dropCycles(t, rt, n/40, &gone)
				runtime.GC()
			}
			require.NoError(t, rt.Set("x", 1))
			s := rt.Stats()
			if c.byItself {
				assert.Less(t, s.Callables, n/2)
				assert.NotZero(t, s.CycleRounds)
			} else {
				assert.Equal(t, start.Callables+n, s.Callables)
				assert.Zero(t, gone.Load())
				assert.Equal(t, start.CycleRounds, s.CycleRounds)
			}
			require.NoError(t, rt.GC(ctx))
			runtime.GC()
			require.NoError(t, rt.GC(ctx))
			s = rt.Stats()
			if c.onDemand {
				assert.Equal(t, start.Callables, s.Callables)
				assert.Equal(t, start.Roots, s.Roots)
				goesTo(t, &gone, n)
			} else {
				assert.Equal(t, start.Callables+n, s.Callables)
				assert.Equal(t, start.Roots+n, s.Roots)
				assert.Zero(t, s.CycleRounds)
				assert.Zero(t, gone.Load())
			}
			requireUsable(t, rt)
			require.NoError(t, rt.Close())
			goesTo(t, &gone, n)
			runtime.KeepAlive(rt)
		})
	}
}

// A few cycles that hold much of the guest's memory are collected before it is full.
func TestFewLargeCyclesByThemselves(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 64 << 20})
	for range 200 {
		func() {
			o := eval(t, rt, "({b: new Uint8Array(1 << 20)})")
			f, err := rt.NewFunc("f", func() (int64, error) { return o.Len() })
			require.NoError(t, err)
			require.NoError(t, o.Set("f", f))
		}()
		runtime.GC() // in place of one that comes when it comes
	}
}
