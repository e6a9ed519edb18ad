package qjswasm_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// A runtime whose own functions refer to it is dropped without Close: Go's
// collector reclaims it, guest and all.
func TestDroppedRuntimeIsReclaimed(t *testing.T) {
	const n = 20
	var reclaimed atomic.Int32
	before := mappings(t)
	func() {
		for range n {
			rt, err := qjswasm.New(ctx, &qjswasm.Options{Stdout: &strings.Builder{}})
			require.NoError(t, err)
			held := eval(t, rt, "globalThis.o = { inner: {} }")
			fn := must(rt.NewFunc("self", func() (any, error) {
				_ = held.Kind()
				return rt.Get("o")
			}))
			require.NoError(t, rt.Set("self", fn))
			require.NoError(t, held.Set("back", fn))
			eval(t, rt, "self()")
			runtime.AddCleanup(rt, func(*atomic.Int32) { reclaimed.Add(1) }, &reclaimed)
		}
	}()
	require.Eventually(t, func() bool {
		runtime.GC()
		return reclaimed.Load() == n
	}, 10*time.Second, 20*time.Millisecond)
	if before > 0 {
		require.Eventually(t, func() bool {
			runtime.GC()
			return mappings(t) < before+n/2 // Go's own heap may have grown
		}, 10*time.Second, 20*time.Millisecond, "guest memory stays mapped")
	}
}

// mappings counts the process's memory mappings, 0 where that cannot be known.
func mappings(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return 0
	}
	return strings.Count(string(b), "\n")
}

func setAsync(t *testing.T, rt *qjswasm.Runtime, name string, fn any) {
	t.Helper()
	f, err := rt.NewFunc(name, fn, qjswasm.Async())
	require.NoError(t, err)
	require.NoError(t, rt.Set(name, f))
}

// What runs or waits for a runtime on another goroutine does not hold it: it is told to
// end once the runtime is dropped, and what it has then is lost.
func TestDroppedRuntimeWithAsyncCalls(t *testing.T) {
	before := runtime.NumGoroutine()
	never := make(chan int)
	for name, begin := range map[string]func(rt *qjswasm.Runtime){
		"function": func(rt *qjswasm.Runtime) {
			setAsync(t, rt, "f", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
			eval(t, rt, "p = f(); 0")
		},
		"beside one that returned": func(rt *qjswasm.Runtime) {
			setAsync(t, rt, "f", func(ctx context.Context) { <-ctx.Done() })
			n := runtime.NumGoroutine()
			setAsync(t, rt, "g", func() *qjswasm.Runtime { return rt })
			eval(t, rt, "p = [f(), g()]; 0")
			settled(t, n+1) // nobody asks for what g returned
		},
		"channel": func(rt *qjswasm.Runtime) {
			require.NoError(t, rt.Set("c", never))
			eval(t, rt, "it = c[Symbol.asyncIterator](); it.next(); it.next(); 0")
		},
		"for await": func(rt *qjswasm.Runtime) {
			require.NoError(t, rt.Set("c", never))
			eval(t, rt, "(async () => { for await (const x of c); })(); 0")
		},
		"sequence": func(rt *qjswasm.Runtime) {
			var c counter
			require.NoError(t, rt.Set("seq", c.seq(3)))
			eval(t, rt, "it = seq[Symbol.iterator](); it.next(); 0")
		},
	} {
		var reclaimed atomic.Bool
		func() {
			rt, err := qjswasm.New(ctx, nil)
			require.NoError(t, err)
			begin(rt)
			runtime.AddCleanup(rt, func(reclaimed *atomic.Bool) { reclaimed.Store(true) }, &reclaimed)
		}()
		for deadline := time.Now().Add(20 * time.Second); !reclaimed.Load() && time.Now().Before(deadline); {
			runtime.GC()
			time.Sleep(time.Millisecond)
		}
		assert.True(t, reclaimed.Load(), name)
		settled(t, before)
	}
}
