package qjswasm_test

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

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
