package qjswasm_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// A collection that is left half done, wherever it is, changes nothing: neither what is
// reachable, also by weak references, nor what the next one frees.
func TestCycleGCIsLeft(t *testing.T) {
	const times, objects = 120, 20_000
	rt := newRuntime(t, nil)
	eval(t, rt, `
		const filled = n => {
			const all = Array.from({length: n}, (_, i) => ({i}));
			all.forEach(o => o.all = all); // each leads to the function
			all.weak = new WeakMap(all.slice(0, 100).map(o => [o, {of: o}]));
			all.refs = all.slice(100, 200).map(o => new WeakRef(o));
			return all;
		};
		const registry = new FinalizationRegistry(() => told++);
		globalThis.told = 0;
		globalThis.make = n => { const all = filled(n); registry.register(all, 0); return all };
		globalThis.outside = Array.from({length: 5000}, (_, i) => ({i})); // to be found before anything weak
		globalThis.whole = all => [outside, all].every(a => a.every((o, i) => o.i === i)) && all.slice(0, 100).every(o => all.weak.get(o).of === o) &&
			all.refs.every((r, i) => r.deref() === all[100 + i])`)
	maker, whole := eval(t, rt, "make"), eval(t, rt, "whole")
	cycle := func() *qjswasm.Value {
		v, err := maker.Call(ctx, nil, objects)
		require.NoError(t, err)
		f, err := rt.NewFunc("f", func() (int64, error) { return v.Len() })
		require.NoError(t, err)
		require.NoError(t, v.Set("f", f))
		return v
	}
	requireWhole := func(v *qjswasm.Value) {
		t.Helper()
		ok, err := whole.Call(ctx, nil, v)
		require.NoError(t, err)
		require.True(t, ok.Bool())
		n, err := eval(t, rt, "v => v.f()").Call(ctx, nil, v)
		require.NoError(t, err)
		require.Equal(t, int64(objects), n.Int64())
	}
	cycle()
	require.NoError(t, rt.GC(ctx))
	start := rt.Stats()
	kept := cycle()
	begin := time.Now()
	require.NoError(t, rt.GC(ctx))
	took := time.Since(begin)

	left := map[bool]int{}
	for i := range times {
		byContext := i%2 == 0
		if i%3 == 0 {
			kept = cycle() // and what was kept is garbage
		}
		gc, cancel := context.WithCancel(ctx)
		stop := cancel
		if !byContext {
			stop = func() { rt.Interrupt(errors.New("enough")) }
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(3*took))), stop)
		err := rt.GC(gc)
		timer.Stop()
		cancel()
		if err != nil {
			require.ErrorIs(t, err, qjswasm.ErrInterrupted)
			left[byContext]++
		}
		requireWhole(kept)
	}
	assert.NotZero(t, left[true])
	assert.NotZero(t, left[false])

	require.NoError(t, rt.GC(ctx))
	requireWhole(kept)
	kept.Close()
	require.NoError(t, rt.GC(ctx))
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	require.NoError(t, rt.GC(ctx))
	assert.Equal(t, int64(times/3+2), evalTo[int64](t, rt, "told"))
	end := rt.Stats()
	assert.Equal(t, start.Callables, end.Callables)
	assert.Equal(t, start.Roots, end.Roots)
	assert.InDelta(t, start.GuestObjects, end.GuestObjects, 10)
	runtime.KeepAlive([]*qjswasm.Value{maker, whole})
}
