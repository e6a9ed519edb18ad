package qjswasm_test

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// owner is an object of a program's.
type owner struct {
	value *qjswasm.Value
	name  string
}

// saved is what finalizers and cleanups save from being collected.
type saved struct{ values chan *qjswasm.Value }

// wait returns what a finalizer has saved, running Go's collector until it has.
func (s saved) wait(t testing.TB) *qjswasm.Value {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		runtime.GC()
		select {
		case v := <-s.values:
			return v
		case <-time.After(time.Millisecond):
		}
	}
	require.Fail(t, "nothing was saved")
	return nil
}

// A Value that a finalizer or a cleanup brings back was never gone, nor is what it
// leads to, whatever collections there were meanwhile.
func TestValueResurrected(t *testing.T) {
	for name, drop := range map[string]func(*owner, saved){
		"SetFinalizer": func(o *owner, s saved) {
			runtime.SetFinalizer(o, func(o *owner) { s.values <- o.value })
		},
		"AddCleanup": func(o *owner, s saved) {
			runtime.AddCleanup(o, func(v *qjswasm.Value) { s.values <- v }, o.value)
		},
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, manual)
			s := saved{make(chan *qjswasm.Value, 1)}
			gc(t, rt)
			before := rt.Stats()
			func() {
				o := &owner{value: heldCycle(t, rt), name: name}
				gc(t, rt)
				drop(o, s)
			}()
			v := s.wait(t)
			for range 2 {
				gc(t, rt)
				f, err := v.Get("f")
				require.NoError(t, err)
				assert.Equal(t, int64(42), call(t, f).Int64())
				f.Close()
			}
			runtime.KeepAlive(v)
			v = nil
			gc(t, rt)
			assertGone(t, before, rt)
		})
	}
}

// Go forgets a Value with a finalizer of its own as soon as it finds it
// unreachable: what the finalizer gets is as good as closed.
func TestValueWithFinalizer(t *testing.T) {
	rt := newRuntime(t, manual)
	s := saved{make(chan *qjswasm.Value, 1)}
	func() {
		v := heldCycle(t, rt)
		gc(t, rt)
		runtime.SetFinalizer(v, func(v *qjswasm.Value) { s.values <- v })
	}()
	// What its own function holds has a finalizer that Go never runs, as all that is
	// part of a cycle.
	gc(t, rt)
	assert.Empty(t, s.values)

	v := func() *qjswasm.Value {
		v := eval(t, rt, `({a: 1})`)
		runtime.SetFinalizer(v, func(v *qjswasm.Value) { s.values <- v })
		v = nil
		return s.wait(t)
	}()
	gc(t, rt)
	_, err := v.Get("a")
	assert.ErrorContains(t, err, "released")
	_, err = v.Call(ctx, nil)
	assert.ErrorContains(t, err, "released")
	assert.ErrorContains(t, rt.Set("v", v), "released")
	assert.Equal(t, "[object Object]", v.String())
	v.Close()
	requireUsable(t, rt)
}

func TestValuesOfClosedRuntime(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	o := heldCycle(t, rt)
	f, err := o.Get("f")
	require.NoError(t, err)
	gc(t, rt)
	require.NoError(t, rt.Close())
	require.NoError(t, rt.Close())
	_, err = o.Get("f")
	assert.ErrorIs(t, err, qjswasm.ErrClosed)
	assert.ErrorIs(t, o.Set("f", 1), qjswasm.ErrClosed)
	_, err = f.Call(ctx, nil)
	assert.ErrorIs(t, err, qjswasm.ErrClosed)
	_, err = o.Export()
	assert.ErrorIs(t, err, qjswasm.ErrClosed)
	assert.ErrorIs(t, rt.GC(ctx), qjswasm.ErrClosed)
	assert.True(t, f.IsFunction())
	o.Close()
	f.Dup().Close()
	f.Close()
}

// A runtime that Go drops goes with its cycles, whether or not they were demoted,
// and with Values of it that are still in cycles of Go's own.
func TestDroppedRuntimeWithCycles(t *testing.T) {
	for _, summarised := range []bool{false, true} {
		collected := make(chan struct{})
		w := func() weak.Pointer[qjswasm.Runtime] {
			rt, err := qjswasm.New(ctx, nil)
			require.NoError(t, err)
			o := heldCycle(t, rt)
			set(t, rt, "global", heldCycle(t, rt))
			set(t, rt, "self", func() *qjswasm.Runtime { return rt })
			ow := &owner{value: o}
			require.NoError(t, o.Set("owner", func() { runtime.KeepAlive(ow) }))
			weakly, err := o.Weak()
			require.NoError(t, err)
			require.NoError(t, o.Set("weak", func() { runtime.KeepAlive(weakly) }))
			if summarised {
				gc(t, rt)
				require.NotNil(t, target(t, weakly))
				gc(t, rt)
			}
			runtime.AddCleanup(rt, func(c chan struct{}) { close(c) }, collected)
			runtime.KeepAlive(ow)
			return weak.Make(rt)
		}()
		for deadline := time.Now().Add(30 * time.Second); w.Value() != nil; runtime.GC() {
			require.True(t, time.Now().Before(deadline), "summarised %v", summarised)
		}
		<-collected
	}
}

// acrossRuntimes makes a cycle through a and b: a function of a holds an object of b,
// that leads to a function of b, that holds an object of a, that leads to the
// function of a. It returns that object.
func acrossRuntimes(t testing.TB, a, b *qjswasm.Runtime) *qjswasm.Value {
	t.Helper()
	oa, ob := eval(t, a, `({})`), eval(t, b, `({})`)
	require.NoError(t, oa.Set("f", func() (int64, error) {
		g, err := ob.Get("f")
		if err != nil {
			return 0, err
		}
		defer g.Close()
		r, err := g.Call(ctx, nil)
		if err != nil {
			return 0, err
		}
		return r.Int64() + 1, nil
	}))
	require.NoError(t, ob.Set("f", func() int64 {
		runtime.KeepAlive(oa)
		return 41
	}))
	return oa
}

// Cycles through two runtimes are freed by the collections of both, each of which
// frees its own part.
func TestCycleThroughTwoRuntimes(t *testing.T) {
	a, b := newRuntime(t, manual), newRuntime(t, manual)
	gc(t, a)
	gc(t, b)
	beforeA, beforeB := a.Stats(), b.Stats()
	var held *qjswasm.Value
	for range 10 {
		held = acrossRuntimes(t, a, b)
	}
	for range 2 {
		gc(t, a)
		goGC()
		gc(t, b)
		goGC()
		f, err := held.Get("f")
		require.NoError(t, err)
		require.Equal(t, int64(42), call(t, f).Int64())
		f.Close()
	}
	gc(t, a)
	assert.Equal(t, beforeA.Callables+1, a.Stats().Callables, "the one that is held")
	assert.Equal(t, beforeB.Callables+1, b.Stats().Callables)
	runtime.KeepAlive(held)
	held = nil
	gc(t, a) // b's part was promoted by the call
	gc(t, b) // now Go sees the cycle
	gc(t, a)
	assertGone(t, beforeA, a)
	assertGone(t, beforeB, b)
}

// One runtime closed is the end of a cycle through it.
func TestCycleThroughClosedRuntime(t *testing.T) {
	a := newRuntime(t, manual)
	gc(t, a)
	before := a.Stats()
	b, err := qjswasm.New(ctx, manual)
	require.NoError(t, err)
	acrossRuntimes(t, a, b)
	gc(t, a)
	require.NoError(t, b.Close())
	gc(t, a)
	assertGone(t, before, a)
}
