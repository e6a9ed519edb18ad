package qjswasm_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func weakly(t testing.TB, v *qjswasm.Value) *qjswasm.WeakValue {
	t.Helper()
	w, err := v.Weak()
	require.NoError(t, err)
	return w
}

// target returns what w refers to, nil if it is gone.
func target(t testing.TB, w *qjswasm.WeakValue) *qjswasm.Value {
	t.Helper()
	v, err := w.Value()
	require.NoError(t, err)
	return v
}

// Every set of intrinsics has weak values.
func TestWeakValue(t *testing.T) {
	for name, o := range map[string]*qjswasm.Options{
		"all":  nil,
		"core": {Intrinsics: qjswasm.IntrinsicCore},
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, o)
			before := rt.Stats()
			v := eval(t, rt, `({a: 1})`)
			w := weakly(t, v)
			assert.Same(t, rt, w.Runtime())
			gc(t, rt)
			got := target(t, w)
			require.NotNil(t, got)
			same, err := got.StrictEquals(v)
			require.NoError(t, err)
			assert.True(t, same)

			v.Close()
			require.NotNil(t, target(t, w), "got keeps it alive")
			got.Close()
			gc(t, rt) // for what target returned
			assert.Nil(t, target(t, w))
			assert.Nil(t, target(t, w))
			w.Close()
			w.Close()
			_, err = w.Value()
			assert.ErrorIs(t, err, qjswasm.ErrReleased)
			after := rt.Stats()
			assert.Equal(t, before.Roots, after.Roots)
			assert.Equal(t, before.GuestObjects, after.GuestObjects)
		})
	}
}

func TestWeakValueKinds(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, code := range []string{`Symbol("s")`, `Symbol.iterator`, `() => {}`, `new Proxy({}, {})`, `new WeakRef({})`, `new Error("e")`} {
		v := eval(t, rt, code)
		got := target(t, weakly(t, v))
		require.NotNil(t, got, code)
		same, err := got.StrictEquals(v)
		require.NoError(t, err)
		assert.True(t, same, code)
	}
	for _, code := range []string{`undefined`, `null`, `1`, `"s"`, `true`, `1n`, `Symbol.for("s")`} {
		_, err := eval(t, rt, code).Weak()
		var e *qjswasm.Error
		require.ErrorAs(t, err, &e, code)
		assert.Equal(t, "TypeError", e.Name)
	}
	v := eval(t, rt, `({})`)
	v.Close()
	_, err := v.Weak()
	assert.ErrorIs(t, err, qjswasm.ErrReleased)
}

// A weak value of an argument outlives the call.
func TestWeakValueOfArgument(t *testing.T) {
	rt := newRuntime(t, nil)
	var w *qjswasm.WeakValue
	set(t, rt, "note", func(c *qjswasm.Call) (any, error) {
		var err error
		w, err = c.Arg(0).Weak()
		return nil, err
	})
	eval(t, rt, `var o = {}; note(o)`)
	require.NotNil(t, target(t, w))
	eval(t, rt, `o = undefined`)
	gc(t, rt)
	assert.Nil(t, target(t, w))
}

func TestWeakValueOfDroppedWeakValue(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, `globalThis`)
	gc(t, rt)
	before := rt.Stats()
	for range 100 {
		weakly(t, v)
	}
	gc(t, rt)
	after := rt.Stats()
	runtime.KeepAlive(v)
	assert.Equal(t, before.Roots, after.Roots)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
}

// A weak value does not keep cycles through both heaps alive, neither from outside
// nor as a part of them, and gives out nothing that Go has found unused.
func TestWeakValueToCycle(t *testing.T) {
	rt := newRuntime(t, manual)
	gc(t, rt)
	before := rt.Stats()
	o := heldCycle(t, rt)
	require.NoError(t, o.Set("self", o))
	w := weakly(t, o)
	require.NoError(t, o.Set("w", func() bool { return target(t, w) != nil }))
	for range 3 {
		gc(t, rt)
		require.NotNil(t, target(t, w))
		goGC()
	}
	gc(t, rt)
	runtime.KeepAlive(o)
	o = nil
	goGC()
	if v := target(t, w); v != nil { // then it is whole
		f, err := v.Get("f")
		require.NoError(t, err)
		assert.Equal(t, int64(42), call(t, f).Int64())
	}
	gc(t, rt)
	assert.Nil(t, target(t, w))
	w.Close()
	w = nil
	gc(t, rt)
	after := rt.Stats()
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
}

// In a callback, where the guest has not heard of what Go has found.
func TestWeakValueInCallback(t *testing.T) {
	rt := newRuntime(t, manual)
	o := heldCycle(t, rt)
	require.NoError(t, o.Set("self", o))
	w := weakly(t, o)
	gc(t, rt)
	set(t, rt, "gone", func() bool {
		goGC()
		return target(t, w) == nil
	})
	assert.False(t, evalTo[bool](t, rt, "gone()"))
	gc(t, rt)
	runtime.KeepAlive(o)
	o = nil
	assert.True(t, evalTo[bool](t, rt, "gone()"))
	gc(t, rt)
	assert.Nil(t, target(t, w))
}

// What a weak value gave out is whole, though Go had nothing else of it.
func TestWeakValueHandsOut(t *testing.T) {
	rt := newRuntime(t, manual)
	o := heldCycle(t, rt)
	w := weakly(t, o)
	gc(t, rt)
	again := target(t, w)
	runtime.KeepAlive(o)
	o = nil
	for range 3 {
		goGC()
		f, err := again.Get("f")
		require.NoError(t, err)
		assert.Equal(t, int64(42), call(t, f).Int64())
		f.Close()
		gc(t, rt)
	}
	again.Close()
	again = nil
	gc(t, rt)
	assert.Nil(t, target(t, w))
}

func TestWeakValueOfClosedRuntime(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	v := eval(t, rt, `({})`)
	w := weakly(t, v)
	require.NoError(t, rt.Close())
	_, err = w.Value()
	assert.ErrorIs(t, err, qjswasm.ErrClosed)
	_, err = v.Weak()
	assert.ErrorIs(t, err, qjswasm.ErrClosed)
	w.Close()
}

func TestWeakValueDoesNotConvert(t *testing.T) {
	rt := newRuntime(t, nil)
	w, err := eval(t, rt, "({})").Weak()
	require.NoError(t, err)
	for _, v := range []any{w, []any{w}, map[string]any{"w": w}, struct{ W any }{w}} {
		_, err := rt.NewValue(v)
		var ce *qjswasm.ConvertError
		require.ErrorAs(t, err, &ce)
		require.ErrorContains(t, err, "Value method")
	}
}
