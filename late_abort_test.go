package qjswasm_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// garbage returns a function whose result is ready at once, and takes some ten
// milliseconds more to free what was behind it. That is where its deadline passes:
// too late for the script to notice.
func garbage(t *testing.T, rt *qjswasm.Runtime, times int) func() error {
	t.Helper()
	require.NoError(t, rt.Set("times", times))
	f, err := qjswasm.As[func(context.Context) (map[string]any, error)](eval(t, rt, `
		const pool = Array.from({length: times}, () => Array.from({length: 100_000}, () => ({})));
		() => Object.defineProperty({n: 1}, 'hidden', {value: pool.pop()})`))
	require.NoError(t, err)
	return func() error {
		ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		_, err := f(ctx)
		return err
	}
}

// An interruption ends the entry that it is meant for, and not the script that
// this entry was made from.
func TestLateAbortIsNotTheCallers(t *testing.T) {
	const times = 5
	rt := newRuntime(t, &qjswasm.Options{KillGrace: time.Minute})
	inner := garbage(t, rt, times)
	require.NoError(t, rt.Set("inner", func() { _ = inner() }))
	for range times {
		assert.Equal(t, int64(499_500), evalTo[int64](t, rt, `
			{ inner(); let s = 0; for (let i = 0; i < 1000; i++) s += i; s }`))
	}
}

// Nor does it end the next entry, whatever that does.
func TestLateAbortIsOver(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{KillGrace: time.Minute})
	late := garbage(t, rt, 5)
	for _, next := range []func() error{
		func() error { return rt.Freeze(ctx) },
		func() error { return rt.GC(ctx) },
		func() error { return rt.Set("x", []any{1, "two"}) },
		func() error { _, err := rt.Compile(ctx, qjswasm.Source{Code: "1 + 1"}); return err },
		func() error { _, err := rt.RunJobs(ctx); return err },
	} {
		_ = late()
		assert.NoError(t, next())
	}
}

// An abort that comes while cycles are being collected, or with much to free, leaves
// a heap that is whole: what lives is as it was, and what is dead goes with the
// next collection.
func TestAbortWhileCollecting(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Fuel: 1e6})
	eval(t, rt, `
		globalThis.keep = null;
		for (let i = 0; i < 3000; i++) keep = {i, next: keep, self: null}, keep.self = keep;
		globalThis.weak = new WeakMap([[keep, 'w']]);
		globalThis.churn = () => { for (;;) { const a = {}, b = [a, new Map([[a, a]]), () => a]; a.b = b; } };
		globalThis.check = () => { let n = 0; for (let k = keep; k; k = k.next) n += k.self === k; return n + weak.get(keep); }
		undefined`)
	var before qjswasm.Stats
	for step := range 401 {
		if step == 1 { // the engine's tables have grown by then
			require.NoError(t, rt.GC(ctx))
			before = rt.Stats()
		}
		rt.Refuel(uint64(20_000 + 37*step)) // a collection takes about 10,000
		_, err := rt.Eval(ctx, "churn()")
		require.ErrorIs(t, err, qjswasm.ErrFuel)
		if step%20 == 0 {
			rt.Refuel(200_000)
			require.Equal(t, "3000w", evalTo[string](t, rt, "check()"))
		}
	}
	require.NoError(t, rt.GC(ctx))
	after := rt.Stats()
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
	assert.Equal(t, before.GuestBytes, after.GuestBytes)
}

// An abort does not wait until what a script has just dropped is taken apart: that is
// freed before the next entry.
func TestAbortWhileFreeing(t *testing.T) {
	const n, steps = 100_000, 10_000
	for name, fill := range map[string]string{
		"array of objects":    "Array.from({length: n}, () => ({}))",
		"array of strings":    "Array.from({length: n}, (_, i) => 's' + i)",
		"array of arrays":     "Array.from({length: n / 100}, () => Array.from({length: 100}, () => ({})))",
		"map":                 "new Map(Array.from({length: n}, (_, i) => [{i}, 's' + i]))",
		"set":                 "new Set(Array.from({length: n}, (_, i) => 's' + i))",
		"object":              "Object.fromEntries(Array.from({length: n}, (_, i) => ['k' + i, 's' + i]))",
		"object of accessors": "Object.defineProperties({}, Object.fromEntries(Array.from({length: n}, (_, i) => ['k' + i, { get() {} }])))",
		"list":                "Array.from({length: n}).reduce(next => ({next}), null)",
		"in a closure":        "(a => () => a)(Array.from({length: n}, () => ({})))",
	} {
		t.Run(name, func(t *testing.T) {
			fill := "n = " + strconv.Itoa(n) + "; large = " + fill + "; undefined"
			used := make([]uint64, 2)
			for i := range used { // the first tells how much fuel it takes until then
				rt := newRuntime(t, &qjswasm.Options{Fuel: used[0] + steps})
				rt.Refuel((1 << 40) * uint64(1-i))
				eval(t, rt, "undefined")
				before := collect(t, rt)
				eval(t, rt, fill)
				eval(t, rt, "({})") // so that there is no reason to collect for a while
				used[i] = rt.FuelUsed()
				if i == 0 {
					continue
				}
				require.Equal(t, used[0], used[1])
				_, err := rt.Eval(ctx, "large = null; for (;;);")
				require.ErrorIs(t, err, qjswasm.ErrFuel)
				assert.Less(t, rt.FuelUsed()-used[1], uint64(2*steps), "ticks until the script has ended")
				rt.Refuel(1 << 40)
				eval(t, rt, "undefined")
				after := collect(t, rt)
				assert.InDelta(t, before.GuestObjects, after.GuestObjects, 10)
				assert.InDelta(t, before.GuestBytes, after.GuestBytes, 1e6, "its tables of names stay")
				requireUsable(t, rt)
			}
		})
	}
}
