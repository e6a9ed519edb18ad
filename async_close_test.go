package qjswasm_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Whoever waits for a function when the runtime is closed is told so.
func TestCloseWhileAwaiting(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	block := make(chan int)
	defer close(block)
	f, err := rt.NewFunc("f", func() int { return <-block }, qjswasm.Async())
	require.NoError(t, err)
	p := call(t, f)
	awaited := make(chan error, 1)
	go func() { _, err := rt.Await(ctx, p); awaited <- err }()
	for {
		time.Sleep(10 * time.Millisecond) // until it waits
		err := rt.Close()
		if err == nil {
			break
		}
		require.ErrorIs(t, err, qjswasm.ErrBusy)
	}
	select {
	case err := <-awaited:
		require.ErrorIs(t, err, qjswasm.ErrClosed)
	case <-time.After(10 * time.Second):
		t.Fatal("Await goes on waiting")
	}
}

// What takes memory until a result is delivered is given back, too, if there is none.
func TestAsyncResultThatPanics(t *testing.T) {
	rt := newRuntime(t, nil)
	f, err := rt.NewFunc("f", func() panicking { return panicking{} }, qjswasm.Async())
	require.NoError(t, err)
	before := collect(t, rt).HostBytes
	for range 10 {
		p := call(t, f)
		require.PanicsWithValue(t, "marshaled", func() { _, _ = rt.Await(ctx, p) })
		_, err := rt.Await(ctx, p)
		require.ErrorIs(t, err, qjswasm.ErrUnsettled)
		p.Close()
	}
	assert.InDelta(t, before, collect(t, rt).HostBytes, 5000)
	runtime.KeepAlive(f)
}

// Whoever waits for a function when the runtime breaks down is told so, and the function too.
func TestAwaitWhileRuntimeDies(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	setAsync(t, rt, "f", func(ctx context.Context) { <-ctx.Done() })
	set(t, rt, "die", func() { runtime.Goexit() })
	p := eval(t, rt, "f()")
	done := make(chan error, 1)
	go func() { _, err := rt.Await(ctx, p); done <- err }()
	time.Sleep(50 * time.Millisecond)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = rt.Eval(ctx, "die()") })
	wg.Wait()
	select {
	case err := <-done:
		require.ErrorIs(t, err, qjswasm.ErrDead)
	case <-time.After(10 * time.Second):
		t.Error("Await goes on waiting")
	}
	require.NoError(t, rt.Close())
}

// textFunc is marshaled as what it returns.
type textFunc func() (string, error)

func (f textFunc) MarshalText() ([]byte, error) {
	s, err := f()
	return []byte(s), err
}

// A result that no script can be given rejects its promise, and nothing else waits for that.
func TestAsyncResultThatCannotBeGiven(t *testing.T) {
	closed := func(rt *qjswasm.Runtime) *qjswasm.Value { v := eval(t, rt, "({})"); v.Close(); return v }
	foreign := func(*qjswasm.Runtime) *qjswasm.Value { return eval(t, newRuntime(t, nil), "({})") }
	for name, x := range map[string]struct {
		result func(rt *qjswasm.Runtime) any
		want   string
	}{
		"huge":    {func(*qjswasm.Runtime) any { return make([]byte, 64<<20) }, "memory limit"},
		"closed":  {func(rt *qjswasm.Runtime) any { return closed(rt) }, "released"},
		"foreign": {func(rt *qjswasm.Runtime) any { return foreign(rt) }, "another runtime"},
		"made of a closed runtime": {func(*qjswasm.Runtime) any {
			other := newRuntime(t, nil)
			require.NoError(t, other.Close())
			return textFunc(func() (string, error) { _, err := other.Eval(ctx, "1"); return "", err })
		}, "closed"},
		"made of the same runtime": {func(rt *qjswasm.Runtime) any {
			return textFunc(func() (string, error) { _, err := rt.Eval(ctx, "1"); return "", err })
		}, "in use"},
	} {
		rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 16 << 20})
		result := x.result(rt)
		setAsync(t, rt, "f", func() any { return result })
		p := eval(t, rt, "f()")
		setAsync(t, rt, "g", func() int { return 1 })
		q := eval(t, rt, "g()")
		v, err := rt.Await(ctx, q)
		require.NoError(t, err, name)
		assert.Equal(t, int64(1), v.Int64())
		_, err = rt.Await(ctx, p)
		assert.ErrorContains(t, err, x.want, name)
	}
	rt := newRuntime(t, nil)
	ch := make(chan *qjswasm.Value, 2)
	ch <- closed(rt)
	ch <- eval(t, rt, "({a: 1})")
	require.NoError(t, rt.Set("c", ch))
	p := eval(t, rt, "it = c[Symbol.asyncIterator](); it.next().catch(e => it.next()).then(r => r.value.a)")
	v, err := rt.Await(ctx, p)
	require.NoError(t, err)
	assert.Equal(t, int64(1), v.Int64())
}
