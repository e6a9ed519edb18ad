package qjswasm_test

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Who waits for an entry that was interrupted does not wait for a summary too: that is
// for one with time to spare, or at last for any.
func TestSummaryIsForEntriesWithTime(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("interrupt", func() { rt.Interrupt(nil) }))
	cancel := func() {}
	require.NoError(t, rt.Set("cancel", func() { cancel() }))
	eval(t, rt, "big = Array.from({length: 5000}, (_, i) => ({i}))")
	keep := heldFunctions(t, rt)
	rounds := func(ctx context.Context, code string, want error) uint64 {
		t.Helper()
		goCollects()
		before := rt.Stats().CycleRounds
		_, err := rt.Eval(ctx, code)
		require.ErrorIs(t, err, want)
		return rt.Stats().CycleRounds - before
	}
	for range 5 {
		require.Zero(t, rounds(ctx, "interrupt(); for (;;);", qjswasm.ErrInterrupted))
		canceled, c := context.WithCancel(ctx)
		cancel = c
		require.Zero(t, rounds(canceled, "cancel(); for (;;);", context.Canceled))
		c()
	}
	later, c := context.WithTimeout(ctx, time.Hour)
	defer c()
	for i := 0; rounds(later, "for (let i = 0; i < 1e6; i++);", nil) == 0; i++ {
		require.Less(t, i, 1000, "there is no summary")
	}
	runtime.KeepAlive(keep)
}

// It does not wait forever.
func TestSummaryComesInTheEnd(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("interrupt", func() { rt.Interrupt(nil) }))
	keep := heldFunctions(t, rt)
	before := rt.Stats().CycleRounds
	for i := 0; rt.Stats().CycleRounds == before; i++ {
		require.Less(t, i, 1000, "there is no summary")
		runtime.GC()
		_, err := rt.Eval(ctx, "for (let i = 0; i < 1e6; i++); interrupt(); for (;;);")
		require.ErrorIs(t, err, qjswasm.ErrInterrupted)
	}
	runtime.KeepAlive(keep)
}

// goCollects has Go collect, so that the next entry of a runtime knows of it.
func goCollects() {
	runtime.GC()
	time.Sleep(20 * time.Millisecond)
}

// heldFunctions makes functions that capture Values, so many that the next collection
// of Go makes them suspicious, and returns what holds them.
func heldFunctions(t *testing.T, rt *qjswasm.Runtime) (keep []*qjswasm.Value) {
	t.Helper()
	goCollects()
	eval(t, rt, "1")
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for range 1000 {
		o := eval(t, rt, "({})")
		f, err := rt.NewFunc("f", func() (int, error) { return number(o.Get("n")) })
		require.NoError(t, err)
		require.NoError(t, o.Set("f", f))
		f.Close()
		keep = append(keep, o)
	}
	return keep
}
