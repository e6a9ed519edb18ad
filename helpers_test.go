package qjswasm_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

var ctx = context.Background()

// newRuntime makes a runtime that is closed with the test.
func newRuntime(t testing.TB, o *qjswasm.Options) *qjswasm.Runtime {
	t.Helper()
	rt, err := qjswasm.New(ctx, o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, rt.Close()) }) // and let a panic pass
	return rt
}

func eval(t testing.TB, rt *qjswasm.Runtime, code string) *qjswasm.Value {
	t.Helper()
	v, err := rt.Eval(ctx, code)
	require.NoError(t, err, code)
	return v
}

func evalTo[T any](t testing.TB, rt *qjswasm.Runtime, code string) T {
	t.Helper()
	v, err := qjswasm.Eval[T](ctx, rt, code)
	require.NoError(t, err, code)
	return v
}

// requireUsable proves that the runtime still works after what happened to it.
func requireUsable(t testing.TB, rt *qjswasm.Runtime) {
	t.Helper()
	require.Equal(t, int64(42), eval(t, rt, "[40, 2].reduce((a, b) => a + b)").Int64())
}

// collect runs both collectors until nothing more comes of it.
func collect(t testing.TB, rt *qjswasm.Runtime) qjswasm.Stats {
	t.Helper()
	for range 3 {
		// Cleanups run on goroutines of their own, those of one collection together.
		ran := make(chan struct{})
		runtime.AddCleanup(new([16]byte), func(ran chan struct{}) { close(ran) }, ran)
		for done := false; !done; {
			runtime.GC()
			select {
			case <-ran:
				done = true
			case <-time.After(10 * time.Millisecond):
			}
		}
		time.Sleep(time.Millisecond)
		require.NoError(t, rt.GC(ctx))
	}
	return rt.Stats()
}

func goexit() { runtime.Goexit() }
