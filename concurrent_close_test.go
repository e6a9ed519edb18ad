package qjswasm_test

import (
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
