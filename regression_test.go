package qjswasm_test

import (
	"context"
	"fmt"
	"math/big"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// One test per bug that was found; the name says what went wrong.

func TestBytecodeKeepsImportAttributes(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Modules: qjswasm.FS(files(map[string]string{"d.json": `{"n": 3}`}))})
	code, err := rt.Compile(ctx, qjswasm.Source{Name: "m.mjs", Module: true, Code: "import d from './d.json' with { type: 'json' }; export const n = d.n"})
	require.NoError(t, err)
	ns, err := rt.EvalSource(ctx, qjswasm.Source{Bytecode: code})
	require.NoError(t, err)
	assert.Equal(t, int64(3), must(ns.Get("n")).Int64())
	v, err := qjswasm.As[struct{ N int }](ns)
	require.NoError(t, err)
	assert.Equal(t, 3, v.N)
}

// A miss of an anchored pattern must not try every position. Time is not
// asserted: the results are, and that patterns which only look anchored still scan.
func TestAnchoredPatterns(t *testing.T) {
	rt := newRuntime(t, nil)
	for code, want := range map[string]any{
		`/^y/.test("x".repeat(1e6))`:                     false,
		`/^y/.exec("yx").index`:                          int64(0),
		`/^y|x/.exec("ax").index`:                        int64(1),
		`/(?:^y|x)/.exec("ax").index`:                    int64(1),
		`/^y/m.exec("x\ny").index`:                       int64(2),
		`/(?=^)x/.test("ax")`:                            false,
		`"aXbX".replace(/^a/g, "-")`:                     "-XbX",
		`const r = /^a/g; r.lastIndex = 1; r.test("aa")`: false,
		`const s = /^a/y; s.lastIndex = 1; s.test("aa")`: false,
		`/^/.exec("abc").index`:                          int64(0),
		`/(?m:^)b/.exec("a\nb").index`:                   int64(2),
		`[..."a1b2".matchAll(/^a|\d/g)].length`:          int64(3),
	} {
		assert.Equal(t, want, evalTo[any](t, rt, code), code)
	}
}

// Interruptions and panics leave no root behind.
func TestAbortsLeaveNothingBehind(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("panics", func() { panic("p") }))
	before := collect(t, rt)
	for range 50 {
		c, cancel := context.WithTimeout(ctx, time.Millisecond)
		_, err := rt.Eval(c, "for (;;);")
		cancel()
		require.ErrorIs(t, err, qjswasm.ErrInterrupted)
		require.Panics(t, func() { _, _ = rt.Eval(ctx, "panics()") })
	}
	after := collect(t, rt)
	assert.Equal(t, before.Roots, after.Roots)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
}

// What a callback returns because its context is done cannot be caught.
func TestDeadlineInsideCallback(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("block", func(c context.Context) error { <-c.Done(); return c.Err() }))
	c, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err := rt.Eval(c, "try { block() } catch (e) { 'went on' }")
	require.ErrorIs(t, err, qjswasm.ErrInterrupted)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	requireUsable(t, rt)
}

// A func made by As does not depend on the Value it was made from.
func TestFuncOutlivesItsValue(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "(x => x + 1)")
	f, err := qjswasm.As[func(float64) (float64, error)](v)
	require.NoError(t, err)
	v.Close()
	x, err := f(1)
	require.NoError(t, err)
	assert.Equal(t, 2.0, x)
	runtime.KeepAlive(f)
	f = nil
	assert.Zero(t, collect(t, rt).Roots)
}

// performance.now begins with its runtime, not with the engine.
func TestPerformanceOrigin(t *testing.T) {
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	rt := newRuntime(t, &qjswasm.Options{Now: func() time.Time { return at }})
	assert.Equal(t, "0,0", evalTo[string](t, rt, "[performance.now(), performance.timeOrigin].join()"))
	at = at.Add(1500 * time.Millisecond)
	assert.Equal(t, int64(1500), eval(t, rt, "performance.now()").Int64())
}

func TestPropertyKeysOfAnyIntegerType(t *testing.T) {
	rt := newRuntime(t, nil)
	a := eval(t, rt, "['x', 'y', 'z']")
	type index int
	for _, key := range []any{1, int8(1), uint(1), uint64(1), index(1), "1", eval(t, rt, "1")} {
		assert.Equal(t, "y", must(a.Get(key)).String(), "%T", key)
	}
	for _, key := range []any{nil, 1.5, []int{1}, true} {
		_, err := a.Get(key)
		var ce *qjswasm.ConvertError
		require.ErrorAs(t, err, &ce, "%T", key)
	}
}

// Strings and BigInts that come back as results are freed in the guest.
func TestPrimitiveResultsAreFreed(t *testing.T) {
	rt := newRuntime(t, nil)
	run := func() int64 {
		for i := range 2000 {
			v, err := rt.NewValue(fmt.Sprint("é", i))
			require.NoError(t, err)
			require.NotEmpty(t, v.String())
			must(rt.NewValue(new(big.Int).Lsh(big.NewInt(1), uint(100+i%50))))
		}
		return collect(t, rt).GuestBytes
	}
	before := run()
	assert.Equal(t, before, run())
}

// A receiver that is a rope is read like any other string.
func TestRopeAsThis(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("self", func(c *qjswasm.Call) (any, error) { return c.This().String() + c.Arg(0).String(), nil }))
	assert.Equal(t, int64(20002), eval(t, rt, "const r = 'a'.repeat(5000) + 'b'.repeat(5000) + Math.floor(1.5); self.call(r, r).length").Int64())
}

func TestFailedExportLeavesNoRoots(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, code := range []string{
		"let a = []; a.length = 2 ** 30; [() => 1, Symbol(), a]",
		"let b = [1, 2]; b.length = 2 ** 32 - 1; [() => 1, b]",
	} {
		v := eval(t, rt, code)
		before := rt.Stats().Roots
		_, err := v.Export()
		require.ErrorContains(t, err, "too many holes")
		err = nil
		collect(t, rt)
		assert.Equal(t, before, rt.Stats().Roots)
		v.Close()
	}
}

func TestNilErrorPointer(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("f", func() error { var e *qjswasm.Error; return e }))
	assert.NotPanics(t, func() { _, _ = rt.Eval(ctx, "f()") })
}

func TestFuncOfNonFunction(t *testing.T) {
	rt := newRuntime(t, nil)
	_, err := qjswasm.As[func() error](eval(t, rt, "({})"))
	var ce *qjswasm.ConvertError
	require.ErrorAs(t, err, &ce)
}

// An interruption says where the script was.
func TestInterruptionHasFrames(t *testing.T) {
	rt := newRuntime(t, nil)
	c, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err := rt.EvalSource(c, qjswasm.Source{Name: "rule.js", Code: "function spin() {\n  let n = 0\n  for (;;) n = Math.abs(n)\n}\nspin()"})
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Frames, 2, e.Stack)
	assert.Equal(t, "spin", e.Frames[0].Function)
	assert.Equal(t, "rule.js", e.Frames[0].File)
	assert.Equal(t, 3, e.Frames[0].Line)
	assert.Equal(t, "qjswasm: interrupted: context deadline exceeded", err.Error())
}

// The engine has bytecode of its own inside: an opcode more must not move those
// that it uses.
func TestBuiltInsInBytecode(t *testing.T) {
	rt := newRuntime(t, nil)
	v, err := rt.Eval(ctx, `Array.fromAsync([1, Promise.resolve(2)]).then(a => a.join())`)
	require.NoError(t, err)
	v, err = rt.Await(ctx, v)
	require.NoError(t, err)
	assert.Equal(t, "1,2", v.String())
	assert.Equal(t, "1-3,2-4", evalTo[string](t, rt, `[...Iterator.zip([[1, 2], [3, 4]])].map(a => a.join("-")).join()`))
	assert.Equal(t, "13", evalTo[string](t, rt, `[...Iterator.zipKeyed({a: [1], b: [3]})].map(o => o.a + "" + o.b).join()`))
}

// A key of a Map is its text, however it was put together.
func TestMapFindsConcatenations(t *testing.T) {
	rt := newRuntime(t, nil)
	assert.Zero(t, eval(t, rt, `
		const part = 'x'.repeat(700), rope = part + part + part, flat = 'x'.repeat(2100), m = new Map();
		for (let i = 0; i < 100; i++) m.set(rope + i, i);
		let missed = 0;
		for (let i = 0; i < 100; i++) if (m.get(flat + i) !== i || !m.has((rope + i).slice(0))) missed++;
		missed`).Int64())
}

// An object inside itself is told from one that is there twice, also by a
// JSON.stringify that another one calls.
func TestJSONCycles(t *testing.T) {
	rt := newRuntime(t, nil)
	assert.Equal(t, "[[],[]] circular circular [\"[1]\"] circular", evalTo[string](t, rt, `
		const inner = [], one = [1], cycle = { a: [] };
		cycle.a.push(cycle);
		const to = v => { try { return JSON.stringify(v) } catch (e) { return e.message.split(' ')[0] } };
		const nested = [{ toJSON: () => to(one) }], loop = [];
		loop.push({ toJSON: () => { to(loop.inner); return loop } });
		loop.inner = [1];
		[to([inner, inner]), to(cycle), to(cycle), to(nested), to(loop)].join(' ')`))
}

// A symbol that dies takes its weak references along, also those whose objects
// die with it.
func TestWeakReferencesToSymbols(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{Timeout: 10 * time.Second})
	eval(t, rt, `const wm = new WeakMap()
		for (let i = 0; i < 100; i++) { let s = Symbol(); wm.set(s, new WeakRef(s)); s = null }
		for (let i = 0; i < 100; i++) {
			let s = Symbol()
			const f = new FinalizationRegistry(() => {})
			f.register(s, new WeakRef(s))
			wm.set(s, [f, new WeakRef(s), new WeakMap([[s, new WeakRef(s)]])])
			s = null
		}
		0`)
	require.NoError(t, rt.GC(ctx))
	requireUsable(t, rt)
}
