package qjswasm_test

import (
	"iter"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// What the library itself holds of cycles for a while.

// An iterator of a Go sequence or channel leads to that through nothing but its
// function.
func TestCycleThroughIterators(t *testing.T) {
	for _, code := range []string{
		"s => ({ s })",
		"s => ({ it: s[Symbol.iterator]() })",
		"s => { const it = s[Symbol.iterator](); while (!it.next().done); return { it } }",
		"s => { const it = s[Symbol.iterator](); it.next(); it.return(); return { it } }",
	} {
		t.Run(code, func(t *testing.T) {
			testCycleThroughIterator(t, code, func() (any, func(*qjswasm.Value)) {
				var captured *qjswasm.Value
				var seq iter.Seq[int] = func(yield func(int) bool) {
					for i := 0; i < 2 && yield(i); i++ {
						runtime.KeepAlive(captured)
					}
				}
				return seq, func(v *qjswasm.Value) { captured = v }
			})
		})
	}
	for _, code := range []string{"s => ({ s })", "s => ({ it: s[Symbol.asyncIterator]() })"} {
		t.Run(code, func(t *testing.T) {
			testCycleThroughIterator(t, code, func() (any, func(*qjswasm.Value)) {
				ch := make(chan *qjswasm.Value, 1)
				return ch, func(v *qjswasm.Value) { ch <- v }
			})
		})
	}
}

func testCycleThroughIterator(t *testing.T, code string, iterable func() (any, func(*qjswasm.Value))) {
	rt := newRuntime(t, nil)
	part := eval(t, rt, code)
	require.NoError(t, rt.GC(ctx))
	before := rt.Stats()
	for range 100 {
		x, hold := iterable()
		s, err := rt.NewValue(x)
		require.NoError(t, err)
		hold(call(t, part, s))
		s.Close()
	}
	require.NoError(t, rt.GC(ctx))
	assertGone(t, before, rt)
	runtime.KeepAlive(part)
}

// A function that JS has dropped is gone, though another Value has led to it when the
// last summary was made.
func TestForgottenFunctionIsGone(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{CycleGC: qjswasm.CycleGCManual})
	var gone, released atomic.Bool
	o := eval(t, rt, "({})")
	func() {
		captured := new([64]byte)
		runtime.AddCleanup(captured, func(gone *atomic.Bool) { gone.Store(true) }, &gone)
		f, err := rt.NewFunc("f", func() byte { return captured[3] }, qjswasm.OnRelease(func() { released.Store(true) }))
		require.NoError(t, err)
		require.NoError(t, o.Set("f", f))
		f.Close()
	}()
	other := call(t, eval(t, rt, "o => ({ o })"), o)
	require.NoError(t, rt.GC(ctx))
	require.Equal(t, 1, rt.Stats().Demoted)
	_, err := o.Delete("f")
	require.NoError(t, err)
	assert.True(t, released.Load())
	assert.Eventually(t, func() bool { runtime.GC(); return gone.Load() }, 10*time.Second, time.Millisecond)
	runtime.KeepAlive(other)
	runtime.KeepAlive(o)
}

// Values that Go has found unused while a script runs do not seem to be in use to the
// summary when it returns.
func TestCycleOfValuesThatDieMeanwhile(t *testing.T) {
	const n = 300
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // Go collects when it is told to
	rt := newRuntime(t, nil)
	require.NoError(t, rt.GC(ctx))
	var kept, more []*qjswasm.Value
	require.NoError(t, rt.Set("collect", func() error {
		kept = nil
		runtime.GC()
		for range 10 { // finds what is unused
			v, err := rt.NewValue(map[string]any{})
			if err != nil {
				return err
			}
			more = append(more, v)
			runtime.Gosched()
		}
		return nil
	}))
	start := rt.Stats()
	object := eval(t, rt, "(f, n) => ({ f, n })")
	around := eval(t, rt, "o => ({ o })")
	for i := range n {
		captured := new(*qjswasm.Value)
		f, err := rt.NewFunc("f", func() (int, error) { return number((*captured).Get("o")) })
		require.NoError(t, err)
		o := call(t, object, f, i)
		*captured = call(t, around, o)
		f.Close()
		kept = append(kept, o)
	}
	runtime.GC()
	time.Sleep(20 * time.Millisecond) // by now the next entry knows, and wants a summary in the end
	for i := 0; rt.Stats().CycleRounds == start.CycleRounds; i++ {
		require.Less(t, i, 1000, "there is no summary")
		eval(t, rt, "collect()")
	}
	assert.GreaterOrEqual(t, rt.Stats().Demoted, n)
	for i := 0; rt.Stats().Callables > start.Callables; i++ {
		require.Less(t, i, 10, "%d of %d stay", rt.Stats().Callables-start.Callables, n)
		runtime.GC()
		eval(t, rt, "1")
	}
	runtime.KeepAlive(more)
}
