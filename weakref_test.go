package qjswasm_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// manual is for tests that say when cycles are looked for.
var manual = &qjswasm.Options{CycleGC: qjswasm.CycleGCManual}

// goGC is a collection as Go makes them by itself: nobody tells the guest.
func goGC() {
	runtime.GC()
	runtime.GC()
}

func gc(t testing.TB, rt *qjswasm.Runtime) {
	t.Helper()
	require.NoError(t, rt.GC(ctx))
}

// assertGone says that both sides hold no more of each other than before.
func assertGone(t testing.TB, before qjswasm.Stats, rt *qjswasm.Runtime) {
	t.Helper()
	after := rt.Stats()
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
}

// set defines a global and forgets the Value.
func set(t testing.TB, rt *qjswasm.Runtime, name string, v any) {
	t.Helper()
	require.NoError(t, rt.Set(name, v))
}

func call(t testing.TB, f *qjswasm.Value, args ...any) *qjswasm.Value {
	t.Helper()
	v, err := f.Call(ctx, nil, args...)
	require.NoError(t, err)
	return v
}

// heldCycle returns an object with a Go function f that holds the object, and leads
// nowhere else. Its result is 42.
func heldCycle(t testing.TB, rt *qjswasm.Runtime) *qjswasm.Value {
	t.Helper()
	o := eval(t, rt, `({})`)
	require.NoError(t, o.Set("f", func() int64 {
		runtime.KeepAlive(o)
		return 42
	}))
	return o
}

// requireFlat requires that nothing is left of what f does, but for what only its
// first run makes.
func requireFlat(t testing.TB, rt *qjswasm.Runtime, f func()) {
	t.Helper()
	f()
	gc(t, rt)
	before := rt.Stats()
	f()
	gc(t, rt)
	after := rt.Stats()
	require.Equal(t, before.Callables, after.Callables)
	require.Equal(t, before.Roots, after.Roots)
	require.Equal(t, before.GuestObjects, after.GuestObjects)
}

// weakRefs has JS refer weakly to its arguments: ref(o) adds one, alive(i) tells
// whether that is there, and whether its function works if it has one; registered
// with a FinalizationRegistry, which notes the values held in died.
const weakRefs = `
	var refs = [], died = [];
	var registry = new FinalizationRegistry(held => died.push(held));
	function ref(o, held, token) {
		refs.push(new WeakRef(o));
		registry.register(o, held, token);
	}
	function alive(i) {
		const o = refs[i].deref();
		if (o === undefined) return "gone";
		return o.f === undefined || o.f() === 42 ? "alive" : "broken";
	}
	undefined
`

func newWeakRuntime(t testing.TB) *qjswasm.Runtime {
	rt := newRuntime(t, manual)
	eval(t, rt, weakRefs)
	return rt
}

func alive(t testing.TB, rt *qjswasm.Runtime, i int) string {
	t.Helper()
	f, err := rt.Get("alive")
	require.NoError(t, err)
	return call(t, f, i).String()
}

func ref(t testing.TB, rt *qjswasm.Runtime, args ...any) {
	t.Helper()
	f, err := rt.Get("ref")
	require.NoError(t, err)
	call(t, f, args...)
}

// died runs the callbacks of the registry and returns what they were given.
func died(t testing.TB, rt *qjswasm.Runtime) []string {
	t.Helper()
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	return evalTo[[]string](t, rt, "died.splice(0)")
}

func TestWeakRefToHeldObject(t *testing.T) {
	rt := newWeakRuntime(t)
	v := eval(t, rt, `({})`)
	ref(t, rt, v, "closed")
	dropped := eval(t, rt, `({})`)
	ref(t, rt, dropped, "dropped")
	gc(t, rt)
	assert.Equal(t, "alive", alive(t, rt, 0))
	assert.Equal(t, "alive", alive(t, rt, 1))
	assert.Empty(t, died(t, rt))

	v.Close()
	assert.Equal(t, "gone", alive(t, rt, 0))
	assert.Equal(t, []string{"closed"}, died(t, rt))
	runtime.KeepAlive(dropped)
	dropped = nil
	gc(t, rt)
	assert.Equal(t, "gone", alive(t, rt, 1))
	assert.Equal(t, []string{"dropped"}, died(t, rt))
	gc(t, rt)
	assert.Empty(t, died(t, rt), "each once")
}

func TestWeakRefToCycle(t *testing.T) {
	for name, rounds := range map[string]int{"new": 0, "summarised": 1, "many summaries": 5} {
		t.Run(name, func(t *testing.T) {
			rt := newWeakRuntime(t)
			gc(t, rt)
			before := rt.Stats()
			o := heldCycle(t, rt)
			ref(t, rt, o, "o")
			for range rounds {
				gc(t, rt)
				assert.Equal(t, "alive", alive(t, rt, 0))
				gc(t, rt)
			}
			assert.Empty(t, died(t, rt))
			runtime.KeepAlive(o)
			o = nil
			gc(t, rt)
			assert.Equal(t, "gone", alive(t, rt, 0))
			assert.Equal(t, []string{"o"}, died(t, rt))
			eval(t, rt, "refs.length = 0")
			gc(t, rt)
			assertGone(t, before, rt)
			assert.Empty(t, died(t, rt))
		})
	}
}

// Between the time that Go finds a cycle unused and the time that the guest hears
// of it, nothing of the cycle may come back.
func TestWeakRefBetweenCollections(t *testing.T) {
	rt := newWeakRuntime(t)
	o := heldCycle(t, rt)
	ref(t, rt, o, "o")
	gc(t, rt)
	runtime.KeepAlive(o)
	o = nil
	goGC()
	assert.NotEqual(t, "broken", alive(t, rt, 0))
	gc(t, rt)
	assert.Equal(t, "gone", alive(t, rt, 0))
	assert.Equal(t, []string{"o"}, died(t, rt))
}

// The same where the collection happens while a script runs, so that no entry
// releases the roots before.
func TestWeakRefAfterCollectionInCallback(t *testing.T) {
	rt := newWeakRuntime(t)
	set(t, rt, "goGC", goGC)
	o := heldCycle(t, rt)
	ref(t, rt, o, "o")
	gc(t, rt)
	runtime.KeepAlive(o)
	o = nil
	assert.Equal(t, "gone", evalTo[string](t, rt, "goGC(); alive(0)"))
	gc(t, rt)
	assert.Equal(t, []string{"o"}, died(t, rt))
}

// What was handed out stays whole, whatever Go's collector does.
func TestWeakRefHandsOut(t *testing.T) {
	rt := newWeakRuntime(t)
	set(t, rt, "goGC", goGC)
	o := heldCycle(t, rt)
	ref(t, rt, o, "o")
	gc(t, rt)
	assert.Equal(t, int64(42), evalTo[int64](t, rt, "globalThis.o = refs[0].deref(); 42"))
	runtime.KeepAlive(o)
	o = nil
	for range 3 {
		goGC()
		assert.Equal(t, int64(42), evalTo[int64](t, rt, "goGC(); o.f()"))
		assert.Equal(t, "alive", alive(t, rt, 0))
		gc(t, rt)
	}
	eval(t, rt, "delete globalThis.o")
	gc(t, rt)
	assert.Equal(t, "gone", alive(t, rt, 0))
	assert.Equal(t, []string{"o"}, died(t, rt))
}

// A WeakRef stays good for an object that the guest came to hold after the summary,
// though Go holds nothing any more that stands for it.
func TestWeakRefToPromoted(t *testing.T) {
	for name, keep := range map[string]string{
		"several functions": `o => { globalThis.kept = o }`,
		"no function left":  `o => { globalThis.kept = o; delete o.f; delete o.g }`,
	} {
		t.Run(name, func(t *testing.T) {
			rt := newWeakRuntime(t)
			o := eval(t, rt, `({})`)
			require.NoError(t, o.Set("f", func() int64 { return 42 }))
			require.NoError(t, o.Set("g", func() int64 { return 43 }))
			ref(t, rt, o, "o")
			gc(t, rt)
			call(t, eval(t, rt, keep), o)
			o.Close()
			goGC()
			assert.Equal(t, "alive", alive(t, rt, 0))
			assert.True(t, evalTo[bool](t, rt, "kept === refs[0].deref()"))
			gc(t, rt)
			assert.Equal(t, "alive", alive(t, rt, 0))
			eval(t, rt, "delete globalThis.kept")
			assert.Equal(t, []string{"o"}, died(t, rt))
		})
	}
}

// A summary that sees an object whose functions Go has found unused, since the
// guest has not heard of it yet, or has yet to collect it, must not make it one that
// nothing depends on: see also gc.TestStampsOfDeadCallables.
func TestWeakRefAcrossLateSummary(t *testing.T) {
	for _, released := range []bool{false, true} {
		t.Run(fmt.Sprintf("released %v", released), func(t *testing.T) {
			// The library learns a little after a collection that there was one.
			for wait := time.Millisecond; !lateSummary(t, released, wait); wait *= 2 {
				require.Less(t, wait, 10*time.Second, "no summary was made")
			}
		})
	}
}

// lateSummary tells whether the summary was made that it waits for.
func lateSummary(t *testing.T, released bool, wait time.Duration) bool {
	rt := newRuntime(t, nil)
	eval(t, rt, weakRefs)
	o := heldCycle(t, rt)
	require.NoError(t, o.Set("self", o)) // it outlives its root
	ref(t, rt, o, "o")
	gc(t, rt)
	// Many Values and functions outlive a collection of Go: a summary is made when an
	// entry after it ends.
	held := make([]*qjswasm.Value, 300) // too little for the guest to collect
	for i := range held {
		f, err := rt.NewFunc("f", func() {})
		require.NoError(t, err)
		held[i] = f
	}
	set(t, rt, "drop", func() any {
		o = nil
		goGC()
		return nil
	})
	if released {
		o = nil
	}
	rounds := rt.Stats().CycleRounds
	goGC()
	time.Sleep(wait)
	eval(t, rt, "drop(); for (let i = 0; i < 3e6; i++);")
	made := rt.Stats().CycleRounds > rounds
	assert.Equal(t, "gone", evalTo[string](t, rt, "alive(0)"))
	runtime.KeepAlive(held)
	return made
}
