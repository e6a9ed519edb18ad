package qjswasm_test

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Goroutines close, drop and look at Values while one uses the runtime.
func TestCollectionWhileOthersHoldValues(t *testing.T) {
	for name, mode := range map[string]qjswasm.CycleGC{"auto": qjswasm.CycleGCAuto, "manual": qjswasm.CycleGCManual} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{CycleGC: mode})
			eval(t, rt, weakRefs)
			refs := eval(t, rt, `o => { ref(o, 1); if (refs.length > 50) refs.length = 0 }`)
			values := make(chan *qjswasm.Value, 64)
			var closed atomic.Int64
			var wg sync.WaitGroup
			for g := range 4 {
				wg.Go(func() {
					var held [32]*qjswasm.Value
					n := 0
					for v := range values {
						assert.Equal(t, qjswasm.KindObject, v.Kind())
						if old := held[n%len(held)]; old != nil && g%2 == 0 {
							old.Close()
							closed.Add(1)
						}
						held[n%len(held)] = v
						n++
						if n%16 == 0 {
							rt.Stats()
						}
					}
				})
			}
			for i := range 600 {
				o := heldCycle(t, rt)
				call(t, refs, o)
				f, err := o.Get("f")
				require.NoError(t, err)
				require.Equal(t, int64(42), call(t, f).Int64())
				values <- o
				if i%100 == 99 {
					gc(t, rt)
				}
				if i%50 == 49 {
					runtime.GC()
				}
			}
			close(values)
			wg.Wait()
			require.Positive(t, closed.Load())
			eval(t, rt, `refs.length = 0; died.length = 0`)
			runtime.KeepAlive(refs)
			refs = nil
			gc(t, rt)
			_, err := rt.RunJobs(ctx)
			require.NoError(t, err)
			gc(t, rt)
			s := rt.Stats()
			assert.Zero(t, s.Callables)
			assert.Zero(t, s.Roots)
		})
	}
}

// A collection that a callback asks for sees what it holds and what calls it.
func TestCollectionInCallback(t *testing.T) {
	rt := newRuntime(t, manual)
	gc(t, rt)
	before := rt.Stats()
	func() {
		heldCycle(t, rt)
		var self *qjswasm.Value // nobody holds the function that runs but itself
		depth := 0
		f, err := rt.NewFunc("f", func(c *qjswasm.Call) (any, error) {
			live := heldCycle(t, rt)
			gc(t, rt)
			assert.GreaterOrEqual(t, rt.Stats().Callables, before.Callables+2, "live's and the one that runs")
			goGC()
			g, err := live.Get("f")
			require.NoError(t, err)
			assert.Equal(t, int64(42), call(t, g).Int64())
			if depth++; depth < 3 {
				live.Close() // no cycle then
				g.Close()
				return self.Call(ctx, nil)
			}
			return c.Arg(0), nil
		})
		require.NoError(t, err)
		self = f
		call(t, f)
	}()
	gc(t, rt)
	assertGone(t, before, rt)
}

// A function that runs while everything that leads to it goes is whole until it
// returns.
func TestCollectionOfRunningFunction(t *testing.T) {
	rt := newRuntime(t, manual)
	gc(t, rt)
	before := rt.Stats()
	var f *qjswasm.Value
	state := eval(t, rt, `({n: 7})`)
	f, err := rt.NewFunc("f", func(c *qjswasm.Call) (any, error) {
		f.Close()
		f = nil
		for range 2 {
			eval(t, rt, `globalThis.f = undefined`)
			gc(t, rt)
			goGC()
		}
		return state.Get("n")
	})
	require.NoError(t, err)
	set(t, rt, "f", f)
	gc(t, rt)
	assert.Equal(t, int64(7), evalTo[int64](t, rt, `f()`))
	state = nil
	gc(t, rt)
	assert.Equal(t, before.Callables, rt.Stats().Callables)

	// Its demoted function is called by way of a Value that Go drops meanwhile.
	o := heldCycle(t, rt)
	require.NoError(t, o.Set("g", func() int64 {
		goGC()
		gc(t, rt)
		return 1
	}))
	gc(t, rt)
	run := eval(t, rt, `o => { const f = o.f; o.g(); return o.g() + f() }`)
	gc(t, rt)
	assert.Equal(t, int64(43), call(t, run, o).Int64())
}

// Nested entries make and drop cycles; those of the depths below go when the
// outermost has ended.
func TestCollectionOfNestedCycles(t *testing.T) {
	rt := newRuntime(t, nil)
	set(t, rt, "nest", func(c *qjswasm.Call) (any, error) {
		n := c.Arg(0).Int64()
		for range 5 {
			o := heldCycle(t, rt)
			require.NoError(t, o.Set("up", c.Arg(1)))
			f, err := o.Get("f")
			require.NoError(t, err)
			require.Equal(t, int64(42), call(t, f).Int64())
			if n > 0 {
				if _, err := rt.Eval(ctx, `0`); err != nil {
					return nil, err
				}
				nest, err := rt.Get("nest")
				require.NoError(t, err)
				call(t, nest, n-1, o)
			}
		}
		if n%2 == 0 {
			goGC()
		}
		return nil, nil
	})
	gc(t, rt)
	before := rt.Stats()
	eval(t, rt, `nest(3, {})`)
	gc(t, rt)
	assertGone(t, before, rt)
}

// Close while another goroutine collects is ErrBusy, as while a script runs.
func TestCloseDuringCollection(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	eval(t, rt, `var a = []; for (let i = 0; i < 50000; i++) a.push({i})`)
	v := eval(t, rt, `a`)
	started := make(chan struct{})
	done := make(chan error)
	go func() {
		close(started)
		for {
			if err := rt.GC(ctx); err != nil {
				done <- err
				return
			}
		}
	}()
	<-started
	busy, deadline := 0, time.Now().Add(30*time.Second)
	for {
		err := rt.Close()
		if err == nil {
			break
		}
		require.ErrorIs(t, err, qjswasm.ErrBusy)
		busy++
		v.Close()
		rt.Stats()
		require.True(t, time.Now().Before(deadline), "Close never found the runtime idle")
	}
	assert.ErrorIs(t, <-done, qjswasm.ErrClosed)
	t.Log(busy)
	_, err = v.Get("length")
	assert.Error(t, err)
	v.Close()
}

// Two goroutines that collect at a time: one does, the other is refused.
func TestConcurrentCollections(t *testing.T) {
	rt := newRuntime(t, nil)
	held := eval(t, rt, `({})`)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				err := rt.GC(ctx)
				if err != nil && !errors.Is(err, qjswasm.ErrConcurrentUse) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	runtime.KeepAlive(held)
	gc(t, rt)
	requireUsable(t, rt)
}
