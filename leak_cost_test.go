package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// crossings are what tracking concerns: a Value, and a callable with its Value.
func crossings(t testing.TB, o *qjswasm.Options) (value, function func()) {
	rt := newRuntime(t, o)
	object := eval(t, rt, "({ list: [] })")
	t.Cleanup(object.Close)
	fn := qjswasm.RawFunc(func(*qjswasm.Call) error { return nil })
	return func() {
			v, err := object.Get("list")
			require.NoError(t, err)
			v.Close()
		}, func() {
			v, err := rt.NewFunc("f", fn)
			require.NoError(t, err)
			v.Close()
		}
}

func TestTrackingCostsNothingWhenItIsOff(t *testing.T) {
	value, function := crossings(t, nil)
	assert.LessOrEqual(t, testing.AllocsPerRun(1000, value), 5.0, "as many as before there was tracking")
	assert.LessOrEqual(t, testing.AllocsPerRun(1000, function), 9.0, "as many as before there was tracking")
}

// What comes from one place shares its stack.
func TestTrackingAllocatesPerPlace(t *testing.T) {
	rt := tracking(t)
	object := eval(t, rt, "({ list: [] })")
	var kept []*qjswasm.Value
	get := func() {
		v, err := object.Get("list")
		require.NoError(t, err)
		if len(kept) < 1000 {
			kept = append(kept, v)
		} else {
			v.Close()
		}
	}
	before := rt.Stats().HostBytes
	for i := range 2 {
		allocs := testing.AllocsPerRun(1000, get)
		if i == 1 {
			assert.LessOrEqual(t, allocs, 5.0, "as many as without")
		}
	}
	each := (rt.Stats().HostBytes - before) / 1000
	assert.Less(t, each, int64(500))
	groups := leaksOf(t, rt).Groups()
	assert.Len(t, groups[0], 999, "the first is AllocsPerRun's own")
	runtime.KeepAlive(kept)
}

func TestTrackingCountsAgainstHostMemoryLimit(t *testing.T) {
	full := func(track bool) (n int) {
		rt, err := qjswasm.New(ctx, &qjswasm.Options{HostMemoryLimit: qjswasm.MinHostMemoryLimit, TrackAllocations: track})
		require.NoError(t, err)
		defer rt.Close()
		for err == nil && n < 10_000 {
			err = rt.Set("f"+string(rune('a'+n%26))+string(rune('a'+n/26%26))+string(rune('a'+n/676)), func() {})
			n++
		}
		assert.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
		return n
	}
	assert.Less(t, full(true), full(false)*9/10)
}

func BenchmarkTracking(b *testing.B) {
	for name, o := range map[string]*qjswasm.Options{"off": {}, "on": {TrackAllocations: true}} {
		value, function := crossings(b, o)
		for what, f := range map[string]func(){"value": value, "function": function} {
			b.Run(what+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
	}
}
