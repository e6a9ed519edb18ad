package qjswasm_test

import (
	"runtime"
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
