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
	after := rt.Stats()
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
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
	after := rt.Stats()
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
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

// Close and Stats on other goroutines while functions of Go run, which may use the
// runtime themselves.
func TestCloseAndStatsDuringCallbacks(t *testing.T) {
	rt := newRuntime(t, manual)
	eval(t, rt, weakRefs)
	values := make(chan *qjswasm.Value, 64)
	set(t, rt, "work", func(c *qjswasm.Call) (any, error) {
		o := heldCycle(t, rt)
		ref(t, rt, o, 1)
		values <- o.Dup()
		return map[string]any{"f": func() any { return o }, "o": o}, nil
	})
	var wg sync.WaitGroup
	wg.Go(func() {
		for v := range values {
			v.Close()
			rt.Stats()
		}
	})
	for range 20 {
		eval(t, rt, `for (let i = 0; i < 10; i++) { const {f, o} = work(); if (f() !== o || o.f() !== 42) throw Error("broken") }`)
		gc(t, rt)
	}
	close(values)
	wg.Wait()
	eval(t, rt, `refs.length = died.length = 0`)
	gc(t, rt)
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	gc(t, rt)
	s := rt.Stats()
	assert.Equal(t, 1, s.Callables, "work")
	assert.Zero(t, s.Roots)
}

// A Value that one goroutine closes and one that a running function returns may lead
// to the same functions of Go.
func TestCloseAndReturnPromoteTheSame(t *testing.T) {
	rt := newRuntime(t, manual)
	cleaned := 0
	cleanup, err := rt.NewFunc("cleanup", func() { cleaned++ })
	require.NoError(t, err)
	registry := call(t, eval(t, rt, `cleanup => new FinalizationRegistry(cleanup)`), cleanup)
	register := eval(t, rt, `(r, o) => { r.register(o); return o }`)
	targets := make([]*qjswasm.Value, 50)
	for i := range targets {
		targets[i] = call(t, register, registry, eval(t, rt, `({})`))
	}
	started, done := make(chan *qjswasm.Value), make(chan struct{})
	go func() {
		defer close(done)
		for v := range started {
			v.Close()
		}
	}()
	back, err := rt.NewFunc("back", func(c *qjswasm.Call) (any, error) {
		started <- targets[c.Arg(0).Int64()]
		return registry, nil
	})
	require.NoError(t, err)
	for i := range targets {
		gc(t, rt)
		call(t, back, i).Close()
	}
	close(started)
	<-done
	gc(t, rt)
	_, err = rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.Equal(t, len(targets), cleaned)
	runtime.KeepAlive(registry)
}

// Stats may be asked for on any goroutine: hooks wait for one that uses the runtime,
// and what a callback does meanwhile does not depend on it.
func TestStatsRunsNoHooks(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{TrackAllocations: true})
	released := 0
	f, err := rt.NewFunc("f", func() {}, qjswasm.OnRelease(func() { released++ }))
	require.NoError(t, err)
	entries := rt.Stats().Entries
	f.Close()
	for range 3 {
		rt.Stats()
	}
	assert.Zero(t, rt.Stats().Callables)
	assert.Zero(t, released)
	assert.Equal(t, entries, rt.Stats().Entries)
	eval(t, rt, "0")
	assert.Equal(t, 1, released)

	asked, stop := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for first := true; ; first = false {
			select {
			case <-stop:
				return
			default:
				rt.Stats()
			}
			if first {
				close(asked)
			}
		}
	})
	<-asked
	set(t, rt, "fail", func() error { return errors.New("no") })
	set(t, rt, "seq", func(yield func(int) bool) {
		for i := range 100 {
			if !yield(i) {
				return
			}
		}
	})
	for range 5 {
		eval(t, rt, `{ let n = 0; for (const i of seq) { try { fail() } catch { n += i } } if (n !== 4950) throw Error(n) }`)
	}
	close(stop)
	wg.Wait()
}

// A callback that looks for room sweeps, while another goroutine may close Values or
// ask for Stats.
func TestCloseAndStatsWhileCallbackLooksForRoom(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 1 << 20})
	values := make(chan *qjswasm.Value, 1000)
	var wg sync.WaitGroup
	wg.Go(func() {
		for v := range values {
			rt.Stats()
			v.Close()
		}
	})
	set(t, rt, "make", func(c *qjswasm.Call) (any, error) {
		select {
		case values <- c.Arg(0).Dup():
		default:
		}
		return func() {}, nil
	})
	for range 20 {
		_, err := rt.Eval(ctx, "{ const a = []; for (let i = 0; i < 3000; i++) a.push(make({})) }")
		require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	}
	close(values)
	wg.Wait()
	require.NoError(t, rt.GC(ctx))
	assert.Zero(t, rt.Stats().Roots)
	assert.Equal(t, 1, rt.Stats().Callables)
}
