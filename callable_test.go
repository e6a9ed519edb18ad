package qjswasm_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// A callable cannot be told from a built-in function.
func TestCallableLooksNative(t *testing.T) {
	rt := newRuntime(t, nil)
	f, err := rt.NewFunc("add", func(a, b float64) float64 { return a + b })
	require.NoError(t, err)
	require.NoError(t, rt.Set("add", f))
	for code, want := range map[string]any{
		"typeof add":              "function",
		"add instanceof Function": true,
		"Object.getPrototypeOf(add) === Function.prototype": true,
		"add.name":                            "add",
		"add.length":                          int64(2),
		"add.toString()":                      "function add() {\n    [native code]\n}",
		"Object.prototype.toString.call(add)": "[object Function]",
		"JSON.stringify(Object.getOwnPropertyNames(add).sort())":         `["length","name"]`,
		"Object.getOwnPropertySymbols(add).length":                       int64(0),
		"JSON.stringify(Object.getOwnPropertyDescriptor(add, 'name'))":   `{"value":"add","writable":false,"enumerable":false,"configurable":true}`,
		"JSON.stringify(Object.getOwnPropertyDescriptor(add, 'length'))": `{"value":2,"writable":false,"enumerable":false,"configurable":true}`,
		"add.call(null, 1, 2)":                                                int64(3),
		"add.apply(null, [1, 2])":                                             int64(3),
		"add.bind(null, 1)(2)":                                                int64(3),
		"Reflect.apply(add, undefined, [1, 2])":                               int64(3),
		"[1,2,3].map(add).join()":                                             "1,3,5",
		"try { new add(1, 2) } catch (e) { String(e) }":                       "TypeError: not a constructor",
		"try { class X extends add {} } catch (e) { e instanceof TypeError }": true,
		"'prototype' in add":                                                  false,
	} {
		assert.Equal(t, want, evalTo[any](t, rt, code), code)
	}
}

func TestCallableInStackTrace(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("fail", func() error { return fmt.Errorf("boom") }))
	_, err := rt.EvalSource(ctx, qjswasm.Source{Name: "app.js", Code: "function outer() {\n  fail();\n}\nouter();"})
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Frames, 3)
	assert.Equal(t, qjswasm.Frame{Function: "fail", File: "native"}, e.Frames[0])
	assert.Equal(t, qjswasm.Frame{Function: "outer", File: "app.js", Line: 2, Column: 3}, e.Frames[1])
	assert.Equal(t, "app.js", e.Frames[2].File)
	assert.Equal(t, 4, e.Frames[2].Line)
}

func TestConstructor(t *testing.T) {
	rt := newRuntime(t, nil)
	f, err := rt.NewFunc("Point", func(c *qjswasm.Call) (any, error) {
		if c.NewTarget().IsUndefined() {
			return "called", nil
		}
		return nil, c.This().Set("x", c.Arg(0))
	}, qjswasm.Constructor(), qjswasm.Length(1))
	require.NoError(t, err)
	require.NoError(t, rt.Set("Point", f))
	for code, want := range map[string]any{
		"new Point(3).x":                        int64(3),
		"new Point(3) instanceof Point":         true,
		"Point(3)":                              "called",
		"Point.prototype.constructor === Point": true,
		"class P extends Point { y() { return this.x + 1 } }; const p = new P(5); [p.y(), p instanceof P, p instanceof Point].join()": "6,true,true",
		"Reflect.construct(Point, [1], Array) instanceof Array":                                                                       true,
	} {
		assert.Equal(t, want, evalTo[any](t, rt, code), code)
	}
	self, err := f.New(ctx, 7)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"x": int64(7)}, must(self.Export()))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Whatever drops a function in JS releases the Go function, once.
func TestCallableReleasedExactlyOnce(t *testing.T) {
	for name, drop := range map[string]string{
		"delete":             "delete globalThis.f",
		"reassign":           "f = null",
		"shadow and drop":    "(g => { globalThis.f = undefined; g() })(f)",
		"from its own call":  "f(() => { delete globalThis.f })",
		"in a dropped cycle": "{ const o = {f}; o.self = o; delete globalThis.f }",
		"as a property":      "globalThis.f.self = globalThis.f; delete globalThis.f",
		"bound":              "globalThis.b = f.bind(null); delete globalThis.f; delete globalThis.b",
		"proxied":            "globalThis.p = new Proxy(f, {}); delete globalThis.f; delete globalThis.p",
		"in a promise":       "globalThis.p = Promise.resolve(f); delete globalThis.f; delete globalThis.p",
		"in a WeakMap":       "globalThis.w = new WeakMap([[f, f]]); delete globalThis.f",
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, nil)
			require.NoError(t, rt.GC(ctx))
			before := rt.Stats()
			released := 0
			f, err := rt.NewFunc("f", func(c *qjswasm.Call) (any, error) {
				if c.Arg(0).IsFunction() {
					return c.Arg(0).Call(c.Context(), nil)
				}
				return 1, nil
			}, qjswasm.OnRelease(func() { released++ }))
			require.NoError(t, err)
			require.NoError(t, rt.Set("f", f))
			f.Close()
			assert.Equal(t, before.Callables+1, rt.Stats().Callables)
			require.Zero(t, released)
			eval(t, rt, drop)
			require.NoError(t, rt.GC(ctx))
			assert.Equal(t, 1, released)
			assert.Equal(t, before.Callables, rt.Stats().Callables)
			assert.Equal(t, before.Roots, rt.Stats().Roots)
		})
	}
	t.Run("registered again", func(t *testing.T) {
		rt := newRuntime(t, nil)
		for range 100 {
			require.NoError(t, rt.Set("f", func() int { return 1 }))
		}
		assert.Equal(t, 1, rt.Stats().Callables)
		require.NoError(t, rt.Set("f", nil))
		assert.Equal(t, 0, rt.Stats().Callables)
	})
}

// Captured values live in the function object, where the guest's collector sees
// a cycle through them.
func TestCapturesBreakCycles(t *testing.T) {
	rt := newRuntime(t, nil)
	before := collect(t, rt)
	for range 1000 {
		o := eval(t, rt, "({})")
		f, err := rt.NewFunc("f", func(c *qjswasm.Call) (any, error) {
			return c.Captured(0).Get("x")
		}, qjswasm.Captures(o, "text", 7))
		require.NoError(t, err)
		require.NoError(t, o.Set("f", f))
		require.NoError(t, o.Set("x", 5))
		v, err := f.Call(ctx, nil)
		require.NoError(t, err)
		require.Equal(t, int64(5), v.Int64())
		o.Close()
		f.Close()
	}
	assert.Positive(t, rt.Stats().Callables-before.Callables, "or the test proves nothing")
	after := collect(t, rt)
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
}

func TestCallablesHaveNoLimit(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a gigabyte and a few seconds; run without -short")
	}
	const n = 1_000_000
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 2 << 30})
	eval(t, rt, "var all = []; function keep(f) { all.push(f) }")
	register := func(n int) {
		for i := range n {
			require.NoError(t, rt.Set("f", func() int { return i }))
			eval(t, rt, "keep(f)")
		}
		require.NoError(t, rt.Set("f", nil))
	}
	register(1000) // whatever grows once has grown
	eval(t, rt, "all = []")
	before := collect(t, rt)
	heap := heapBytes()

	register(n)
	assert.Equal(t, n, rt.Stats().Callables-before.Callables)
	assert.Equal(t, int64(0), eval(t, rt, "all[0]()").Int64())
	assert.Equal(t, int64(n-1), eval(t, rt, "all[all.length - 1]()").Int64())

	eval(t, rt, "all = []")
	after := collect(t, rt)
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
	assert.InEpsilon(t, before.GuestBytes, after.GuestBytes, 0.01)
	assert.LessOrEqual(t, float64(heapBytes()), 1.01*float64(heap))
}

func heapBytes() uint64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Ten million functions made and dropped in one script: the dead ones are taken
// while it runs.
func TestCreateAndDropIsFlat(t *testing.T) {
	n := 10_000_000
	if testing.Short() {
		n = 100_000
	}
	rt := newRuntime(t, nil)
	peak := 0
	require.NoError(t, rt.Set("make", func(c *qjswasm.Call) (any, error) {
		peak = max(peak, rt.Stats().Callables)
		return nil, nil
	}))
	target := func(c *qjswasm.Call) error { c.ReturnFloat64(1); return nil }
	require.NoError(t, rt.Set("fresh", func(c *qjswasm.Call) (any, error) { return target, nil }))
	eval(t, rt, "function run(n) { for (let i = 0; i < n; i++) { fresh()(); if (i % 10000 === 0) make() } }")
	eval(t, rt, "run(20000)")
	before := collect(t, rt)
	heap := heapBytes()
	eval(t, rt, fmt.Sprintf("run(%d)", n))
	assert.Less(t, peak, 5000, "dead functions pile up while the script runs")
	after := collect(t, rt)
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.GuestMemory, after.GuestMemory)
	assert.InEpsilon(t, before.GuestBytes, after.GuestBytes, 0.01)
	assert.LessOrEqual(t, float64(heapBytes()), 1.01*float64(heap))
}

// Scripts cannot reach another callable or make one up.
func TestCallableTampering(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("a", func() string { return "a" }))
	require.NoError(t, rt.Set("b", func() string { return "b" }))
	eval(t, rt, `
		Function.prototype.call = function () { return "stolen" };
		Function.prototype.apply = Function.prototype.call;
		Object.defineProperty(a, "name", { value: "b" });
		Object.defineProperty(a, "length", { value: 99 });
		Object.setPrototypeOf(a, b);
		a.__proto__ = b;
		a[Symbol.toPrimitive] = () => "b";
		a.handle = b.handle;
		for (const k of Reflect.ownKeys(b)) try { a[k] = b[k] } catch {}
		Object.assign(a, b);
	`)
	assert.Equal(t, "a", evalTo[string](t, rt, "a()"))
	assert.Equal(t, "a", evalTo[string](t, rt, "new Proxy(a, { get: () => b })()"))
	assert.Equal(t, "b", evalTo[string](t, rt, "Reflect.apply(b, a, [])"))
	assert.Equal(t, "TypeError", evalTo[string](t, rt, "const fake = Object.create(b); try { fake() } catch (e) { e.name }"))
	f := must(rt.Get("a"))
	v, err := f.Call(ctx, nil)
	require.NoError(t, err)
	assert.Equal(t, "a", v.String())
}

func TestRawFuncResults(t *testing.T) {
	rt := newRuntime(t, nil)
	for name, tc := range map[string]struct {
		fn   qjswasm.RawFunc
		want any
	}{
		"nothing":  {func(*qjswasm.Call) error { return nil }, nil},
		"float":    {func(c *qjswasm.Call) error { c.ReturnFloat64(1.5); return nil }, 1.5},
		"int":      {func(c *qjswasm.Call) error { c.ReturnInt64(-7); return nil }, int64(-7)},
		"big int":  {func(c *qjswasm.Call) error { c.ReturnInt64(math.MaxInt64); return nil }, "9223372036854775807"},
		"bool":     {func(c *qjswasm.Call) error { c.ReturnBool(true); return nil }, true},
		"string":   {func(c *qjswasm.Call) error { c.ReturnString("äpple ☺\x00!"); return nil }, "äpple ☺\x00!"},
		"bytes":    {func(c *qjswasm.Call) error { c.ReturnBytes([]byte{1, 2}); return nil }, []byte{1, 2}},
		"no bytes": {func(c *qjswasm.Call) error { c.ReturnBytes(nil); return nil }, []byte{}},
		"any":      {func(c *qjswasm.Call) error { return c.Return([]any{"x", 1}) }, []any{"x", int64(1)}},
		"last one": {func(c *qjswasm.Call) error { c.ReturnString("no"); c.ReturnBool(false); return nil }, false},
	} {
		require.NoError(t, rt.Set("f", tc.fn), name)
		got := must(eval(t, rt, "f()").Export())
		if s, ok := got.(fmt.Stringer); ok {
			got = s.String()
		}
		assert.Equal(t, tc.want, got, name)
	}
	require.NoError(t, rt.Set("f", func(c *qjswasm.Call) error { return c.Return(make(chan<- int)) }))
	_, err := rt.Eval(ctx, "f()")
	var ce *qjswasm.ConvertError
	require.ErrorAs(t, err, &ce)
}

// A result is set in Go until the function returns: using the runtime after
// Return must not lose it.
func TestReturnSurvivesNestedUse(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("f", func(c *qjswasm.Call) error {
		c.ReturnFloat64(7)
		_, err := rt.Eval(c.Context(), "'something else'.repeat(100)")
		return err
	}))
	assert.Equal(t, 7.0, evalTo[float64](t, rt, "f()"))
	require.NoError(t, rt.Set("g", func(c *qjswasm.Call) error {
		c.ReturnString("kept")
		_, err := rt.Eval(c.Context(), "f() + f()")
		return err
	}))
	assert.Equal(t, "kept", evalTo[string](t, rt, "g()"))
}

func TestBorrowedArguments(t *testing.T) {
	rt := newRuntime(t, nil)
	var kept, dup *qjswasm.Value
	require.NoError(t, rt.Set("f", func(c *qjswasm.Call) (any, error) {
		kept = c.Arg(0)
		dup = kept.Dup()
		kept.Close() // does nothing
		return kept.Get("x")
	}))
	assert.Equal(t, int64(1), eval(t, rt, "f({x: 1})").Int64())
	_, err := kept.Get("x")
	require.ErrorIs(t, err, qjswasm.ErrReleased)
	_, err = kept.Call(ctx, nil)
	require.ErrorIs(t, err, qjswasm.ErrReleased)
	assert.True(t, kept.IsObject(), "accessors go on working")
	x, err := dup.Get("x")
	require.NoError(t, err)
	assert.Equal(t, int64(1), x.Int64())
	dup.Close()
	_, err = dup.Get("x")
	require.ErrorIs(t, err, qjswasm.ErrReleased)
	assert.Zero(t, rt.Stats().Roots)
	// The same Call and memory are used for the next call; the old argument must
	// not come alive again.
	eval(t, rt, "f({x: 2})")
	require.NoError(t, rt.Set("g", func(c *qjswasm.Call) (any, error) {
		old := kept
		_, err := old.Get("x")
		return nil, err
	}))
	_, err = rt.Eval(ctx, "g({x: 3})")
	require.ErrorIs(t, err, qjswasm.ErrReleased)
}
