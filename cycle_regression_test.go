package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What programs of the property have found.
func TestCycleRegressions(t *testing.T) {
	for name, listing := range map[string]string{
		"a weak key that only a Value holds":       "0.promise.5.4.1 0.object.1.4.0 0.add.1.5.1",
		"a closed Value that lasts":                "0.closure.0.0.2 0.gc.0.0.0 0.close.0.0.0",
		"OnRelease":                                "0.closure.2.0.2",
		"a closure that is promoted for good":      "0.closure.0.4.1 0.state.1.0.1 0.dup.5.0.0 0.live.1.1.1 0.link.5.1.0 0.check.0.0.0 0.unlink.5.2.0 0.hold.5.0.2",
		"a Value that leads to nothing any more":   "0.state.0.4.1 0.sequence.1.0.2 0.promise.2.2.1 0.dropstate.0.7.0 0.proxy.5.2.1 0.link.5.1.2 0.promise.3.1.2 0.gc.0.0.0 0.link.5.3.2",
		"a promise that does not wait any more":    "0.closure.4.6.0 0.proxy.2.4.2 0.promise.4.1.1 0.then.4.2.2 0.drop.2.3.0 0.gc.0.0.0 0.resolve.1.1.1 0.jobs.0.0.0",
		"a weak map that its own value leads to":   "0.object.0.3.0 0.closure.5.4.0 0.hold.5.0.2 0.link.0.5.1 0.make.3.5.0 0.closure.5.1.2 0.object.5.4.0 0.closure.4.2.2 0.add.5.0.2 0.link.2.3.1 0.store.3.5.0",
		"a WeakRef while a nested entry collects":  "0.object.2.2.1 0.state.1.6.2 0.weakref.3.2.0 0.live.1.1.0 0.link.0.1.1 1.closure.2.7.2 0.closure.0.4.2 0.gc.0.0.0 0.object.4.2.2 1.within.2.2.1 0.deref.0.3.0",
		"what a FinalizationRegistry itself holds": "0.object.1.6.0 0.captures.5.2.1 0.observe.5.1.2 0.hold.5.5.0",
		"a weak key whose value is gone":           "23.object.0.4.2 23.object.4.4.0 23.captures.2.6.0 23.closure.5.5.0 23.add.0.2.1 23.add.4.5.2 23.drop.2.5.0 23.captures.3.2.0 23.nest.3.3.1 23.promise.2.5.1 23.drop.4.0.1 23.load.0.3.0 23.link.0.2.1 23.resolve.5.0.2 23.get.5.0.1 23.object.2.3.1 23.add.2.5.0 23.then.5.3.2 0.check.0.0.0 23.observe.2.6.1 0.jobs.0.0.0",
		"a live object in its own state, and null": "0.state.2.3.2 0.live.0.2.0 0.closure.3.2.1 0.store.3.0.0 0.unlink.0.1.0 0.sequence.4.2.1 0.keep.0.2.2",
	} {
		t.Run(name, func(t *testing.T) {
			steps, err := parseCycleListing(listing)
			require.NoError(t, err)
			g := warmCycleGuest(t, false)
			defer g.close(t)
			r := cycleRun{guest: g}
			require.NoError(t, r.runCycle(steps))
		})
	}
}

// What was used since the last summary, and what only that leads to, is there for a
// WeakRef though no Value leads to it any more.
func TestCycleWeakRefOfPromoted(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("f1", func() int { return 1 }))
	require.NoError(t, rt.Set("f2", func() int { return 2 }))
	func() {
		o := eval(t, rt, "globalThis.o = {f1, f2}; globalThis.w = new WeakRef(o); o")
		eval(t, rt, "o = undefined; delete globalThis.f1; delete globalThis.f2")
		require.NoError(t, rt.GC(ctx))
		require.NoError(t, rt.Set("o", o))
	}()
	runtime.GC()
	assert.Equal(t, "true 3", eval(t, rt, "(w.deref() === o) + ' ' + (o.f1() + o.f2())").String())
}
