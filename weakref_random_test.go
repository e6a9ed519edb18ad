package qjswasm_test

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Random programs with objects that are in cycles through both heaps, in slots of
// Go's and in globals, and refer to each other. What a slot or global leads to is
// there, in JS and for weak values; nothing ever comes back broken; in the end all
// is gone, and the registry was told of each once.
func TestWeakRefsAtRandom(t *testing.T) {
	programs := 60
	if testing.Short() {
		programs = 10
	}
	rt := newRuntime(t, manual)
	eval(t, rt, weakRefs)
	eval(t, rt, `
		var slots = [];
		function keep(i, o) { slots[i] = o }
		function link(a, b) { a.next = b }
		function pair(next, other) { return {f: () => 42, next, other} } // without functions of Go
		function derefInto(i, n) { slots[i] = refs[n].deref() }
		function use(o) { for (let n = 0; o && n < 10; n++, o = o.next) if (o.f() !== 42) throw new Error("broken") }
		function slotsAlive() { return slots.every(o => !o || refs[o.number].deref() === o) }
		function number(o, n) { o.number = n }
		function useSlots() { slots.forEach(use) }
	`)
	set(t, rt, "goGC", goGC)
	fn := func(name string) func(args ...any) *qjswasm.Value {
		f, err := rt.Get(name)
		require.NoError(t, err)
		return func(args ...any) *qjswasm.Value {
			t.Helper()
			return call(t, f, args...)
		}
	}
	addRef, isAlive, keep, link, pair, derefInto, use, useSlots, slotsAlive, number := fn("ref"), fn("alive"), fn("keep"), fn("link"), fn("pair"), fn("derefInto"), fn("use"), fn("useSlots"), fn("slotsAlive"), fn("number")
	gc(t, rt)
	before := rt.Stats()
	for seed := range uint64(programs) {
		r := rand.New(rand.NewPCG(seed, 0))
		var held [6]*qjswasm.Value
		var weakly []*qjswasm.WeakValue
		some := func() *qjswasm.Value { return held[r.IntN(len(held))] }
		for range 80 {
			i := r.IntN(len(held))
			switch r.IntN(12) {
			case 0, 1:
				var o *qjswasm.Value
				if a, b := some(), some(); r.IntN(2) == 0 && a != nil && b != nil {
					o = pair(a, b)
				} else {
					o = heldCycle(t, rt)
				}
				if r.IntN(2) == 0 {
					require.NoError(t, o.Set("self", o))
				}
				addRef(o, len(weakly))
				number(o, len(weakly))
				w, err := o.Weak()
				require.NoError(t, err)
				weakly = append(weakly, w)
				held[i] = o
			case 2, 3:
				if held[i] != nil && r.IntN(2) == 0 {
					held[i].Close()
				}
				held[i] = nil
			case 4:
				if o := some(); o != nil {
					keep(r.IntN(4), o)
				}
			case 5:
				keep(r.IntN(4), qjswasm.Undefined)
			case 6:
				if a, b := some(), some(); a != nil && b != nil {
					link(a, b)
				}
			case 7:
				if len(weakly) > 0 {
					derefInto(r.IntN(4), r.IntN(len(weakly)))
				}
			case 8:
				if len(weakly) > 0 {
					v, err := weakly[r.IntN(len(weakly))].Value()
					require.NoError(t, err)
					if v != nil {
						use(v)
					}
					held[i] = v
				}
			case 9:
				if r.IntN(2) == 0 {
					eval(t, rt, "goGC(); useSlots()")
				} else {
					runtime.GC()
				}
			case 10:
				if r.IntN(2) == 0 {
					gc(t, rt)
				}
			case 11:
				if o := some(); o != nil {
					use(o)
				}
			}
			useSlots()
			if r.IntN(8) > 0 { // asking settles much
				continue
			}
			require.True(t, slotsAlive().Bool(), "seed %d", seed)
			if len(weakly) > 0 {
				n := r.IntN(len(weakly))
				require.NotEqual(t, "broken", isAlive(n).String(), "seed %d", seed)
			}
		}
		for i, o := range held {
			if o != nil {
				use(o)
				held[i] = nil
			}
		}
		eval(t, rt, "slots.length = 0")
		gc(t, rt)
		for i, w := range weakly {
			require.Nil(t, target(t, w), "seed %d", seed)
			require.Equal(t, "gone", isAlive(i).String(), "seed %d", seed)
		}
		_, err := rt.RunJobs(ctx)
		require.NoError(t, err)
		notes := evalTo[[]int](t, rt, "refs.length = 0, died.splice(0)")
		assert.Len(t, notes, len(weakly), "seed %d", seed)
		weakly = nil
		gc(t, rt)
		after := rt.Stats()
		require.Equal(t, before.Callables, after.Callables, "seed %d", seed)
		require.Equal(t, before.Roots, after.Roots, "seed %d", seed)
	}
	for _, f := range []any{addRef, isAlive, keep, link, pair, derefInto, use, useSlots, slotsAlive, number} {
		runtime.KeepAlive(f)
	}
}
