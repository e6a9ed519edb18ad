package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Nothing that turns exceptions into rejections or values keeps a script alive
// after its deadline, or hides the deadline from Go.
func TestAbortCannotBeSwallowed(t *testing.T) {
	for name, code := range map[string]string{
		"executor":         "for (;;) new Promise(() => { for (;;); })",
		"executor, finite": "for (let i = 0; i < 3; i++) new Promise(() => { for (;;); }); 'done'",
		"then getter":      "Promise.resolve({ get then() { for (;;); } }); 'done'",
		"Promise.all":      "Promise.all({ [Symbol.iterator]() { for (;;); } }); 'done'",
		"Promise.try":      "Promise.try(() => { for (;;); }); 'done'",
		"async function":   "(async () => { for (;;); })(); 'done'",
		"async generator":  "(async function* () { for (;;); })().next(); 'done'",
		"prepare":          "Error.prepareStackTrace = () => { for (;;); }; new Error().stack; 'done'",
		"finally":          "try { for (;;); } finally { for (;;); }",
		"iterator return":  "for (const x of { [Symbol.iterator]() { return { next() { for (;;); }, return() { for (;;); } } } });",
		"no memory":        "const a = []; try { for (let n = 1 << 20; n > 8; n >>= 1) try { for (;;) a.push(new Uint8Array(n)) } catch {} } catch {} for (;;) { try { for (;;); } catch (e) { } }",
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 8 << 20})
			c, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			defer cancel()
			_, err := rt.Eval(c, code)
			require.ErrorIs(t, err, qjswasm.ErrInterrupted)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			if name != "no memory" {
				requireUsable(t, rt)
			}
		})
	}
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("panics", func() { panic("mine") }))
	require.PanicsWithValue(t, "mine", func() { _, _ = rt.Eval(ctx, "new Promise(() => panics()).catch(() => { globalThis.seen = true })") })
	require.PanicsWithValue(t, "mine", func() {
		_, err := rt.Eval(ctx, "Promise.reject(1).catch(() => panics()).catch(() => { globalThis.seen = true })")
		require.NoError(t, err)
		_, _ = rt.RunJobs(ctx)
	})
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.True(t, eval(t, rt, "globalThis.seen").IsUndefined())
}

// While values cross, no script runs: it could make the host overwrite what is
// being read.
func TestNoScriptWhileValuesCross(t *testing.T) {
	rt := newRuntime(t, nil)
	called := false
	_, err := rt.NewFunc("secret", func() { called = true })
	require.NoError(t, err)
	require.NoError(t, rt.Set("echo", func(b []byte) []byte { return b }))
	eval(t, rt, `
		globalThis.ran = 0;
		const junk = new Uint8Array(20000).fill(21);
		Error.prepareStackTrace = (e, s) => { ran++; echo(junk); return "x" };
		Error.stackTraceLimit = { valueOf() { ran++; echo(junk); return 10 } };
	`)
	cb := eval(t, rt, "(e, s) => e.message + s")
	v, err := cb.Call(ctx, nil, errors.New("boom"), "result")
	require.NoError(t, err)
	assert.Equal(t, "boomresult", v.String())
	v, err = rt.NewValue([]any{errors.New("a"), "b", []any{errors.New("c"), 1}})
	require.NoError(t, err)
	assert.Equal(t, int64(1), must(must(must(v.Get(2)).Get(1)).Export()))
	assert.Zero(t, eval(t, rt, "ran").Int64())
	assert.False(t, called)
	_, err = rt.Eval(ctx, "throw new TypeError('after')")
	require.ErrorContains(t, err, "after")
}

// An error that crosses often stays a chain: its tree must not double each time.
func TestErrorsDoNotGrowExponentially(t *testing.T) {
	rt := newRuntime(t, nil)
	mine := errors.New("mine")
	require.NoError(t, rt.Set("call", func(c context.Context, f *qjswasm.Value) error {
		if _, err := f.Call(c, nil); err != nil {
			return fmt.Errorf("call: %w", err)
		}
		return mine
	}))
	_, err := rt.Eval(ctx, "function r(n) { if (n) call(() => r(n - 1)) } r(60)")
	require.ErrorIs(t, err, mine)
	nodes := 0
	var walk func(error)
	walk = func(err error) {
		nodes++
		require.Less(t, nodes, 1000)
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			walk(x.Unwrap())
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				walk(e)
			}
		}
	}
	walk(err)
}

// Stats, Value.Close and Close on other goroutines do not make the running one
// fail.
func TestConcurrentObservers(t *testing.T) {
	rt, err := qjswasm.New(ctx, nil)
	require.NoError(t, err)
	var stop atomic.Bool
	var wg sync.WaitGroup
	values := make(chan *qjswasm.Value, 100)
	wg.Go(func() {
		for !stop.Load() {
			rt.Stats()
		}
	})
	wg.Go(func() {
		for v := range values {
			v.Close()
		}
	})
	for range 3000 {
		v, err := rt.Eval(ctx, "({})")
		require.NoError(t, err)
		values <- v
	}
	close(values)
	stop.Store(true)
	wg.Wait()
	var closers sync.WaitGroup
	for range 4 {
		closers.Go(func() { assert.NoError(t, rt.Close()) })
	}
	closers.Wait()
}

func TestNilContext(t *testing.T) {
	rt := newRuntime(t, nil)
	var none context.Context
	v, err := rt.Eval(none, "1 + 1")
	require.NoError(t, err)
	assert.Equal(t, int64(2), v.Int64())
	requireUsable(t, rt)
}

// What an expired context kept Await from delivering is delivered later.
func TestAsyncOutcomesAreKept(t *testing.T) {
	rt := newRuntime(t, nil)
	f, err := rt.NewFunc("one", func() int { return 1 }, qjswasm.Async())
	require.NoError(t, err)
	require.NoError(t, rt.Set("one", f))
	p := eval(t, rt, "one()")
	time.Sleep(10 * time.Millisecond)
	expired, cancel := context.WithCancel(ctx)
	cancel()
	_, err = rt.Await(expired, p)
	require.ErrorIs(t, err, context.Canceled)
	v, err := rt.Await(ctx, p)
	require.NoError(t, err)
	assert.Equal(t, int64(1), v.Int64())
}

// A clock that panics in a call with a large result must not kill the runtime.
func TestPanickingClockAndLargeResult(t *testing.T) {
	boom := false
	rt := newRuntime(t, &qjswasm.Options{Now: func() time.Time {
		if boom {
			panic("clock")
		}
		return time.Unix(0, 0)
	}})
	require.NoError(t, rt.Set("big", func() string { return strings.Repeat("x", 1<<20) }))
	boom = true
	require.PanicsWithValue(t, "clock", func() { _, _ = rt.Eval(ctx, "Date.now(); big().length") })
	boom = false
	assert.Equal(t, int64(1<<20), eval(t, rt, "big().length").Int64())
}

// A large request is not sent again with the next call.
func TestRequestsAreNotSentTwice(t *testing.T) {
	rt := newRuntime(t, nil)
	before := rt.Stats().GuestBytes
	eval(t, rt, strings.Repeat(" ", 5<<20)+"1")
	rt.Stats()
	_, err := rt.RunJobs(ctx)
	require.NoError(t, err)
	assert.InDelta(t, before, rt.Stats().GuestBytes, 10_000)
}

func TestNewTargetAfterReentry(t *testing.T) {
	rt := newRuntime(t, nil)
	f, err := rt.NewFunc("F", func(c *qjswasm.Call) (any, error) {
		if !c.Arg(0).Bool() {
			return nil, nil
		}
		if _, err := rt.Eval(c.Context(), "new (class Zed extends F {})(false)"); err != nil {
			return nil, err
		}
		name, err := c.NewTarget().Get("name")
		if err != nil {
			return nil, err
		}
		return nil, c.This().Set("made", name)
	}, qjswasm.Constructor())
	require.NoError(t, err)
	require.NoError(t, rt.Set("F", f))
	assert.Equal(t, "C", evalTo[string](t, rt, "new (class C extends F {})(true).made"))
}

// One hook that panics does not keep the others from running.
func TestReleaseHooksAllRun(t *testing.T) {
	rt := newRuntime(t, nil)
	ran := 0
	for i := range 5 {
		f, err := rt.NewFunc("f", func() {}, qjswasm.OnRelease(func() {
			ran++
			if i == 2 {
				panic("hook")
			}
		}))
		require.NoError(t, err)
		require.NoError(t, rt.Set(fmt.Sprint("f", i), f))
		f.Close()
	}
	require.PanicsWithValue(t, "hook", func() { _, _ = rt.Eval(ctx, "delete f0; delete f1; f2 = f3 = f4 = null") })
	assert.Equal(t, 5, ran)
	requireUsable(t, rt)
}

func TestSourceNameWithNUL(t *testing.T) {
	rt := newRuntime(t, nil)
	_, err := rt.EvalSource(ctx, qjswasm.Source{Name: "a\x00b", Code: "1"})
	var ce *qjswasm.ConvertError
	require.ErrorAs(t, err, &ce)
}

// A module larger than memory is a memory error.
func TestModuleLargerThanMemory(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{
		MemoryLimit: 8 << 20,
		Modules:     qjswasm.FS(files(map[string]string{"big.mjs": strings.Repeat(" ", 20<<20)})),
	})
	_, err := rt.Import(ctx, "big.mjs")
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)
}

// Setting a global asks no script, whatever it did to the global object.
func TestSetRunsNoScript(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, `
		globalThis.ran = 0;
		Object.defineProperty(globalThis, "own", { get() { ran++ }, set() { ran++ }, configurable: true });
		Object.defineProperty(globalThis, "fixed", { get() { ran++; return 1 }, set() { ran++ } });
		var declared = 1; let lexical = 1;
		Object.setPrototypeOf(globalThis, new Proxy({}, { set() { ran++ }, has() { ran++ }, defineProperty() { ran++ } }));
	`)
	for _, name := range []string{"own", "inherited", "declared", "lexical"} {
		require.NoError(t, rt.Set(name, 42), name)
		assert.Equal(t, int64(42), must(rt.Get(name)).Int64(), name)
	}
	require.ErrorContains(t, rt.Set("fixed", 42), "TypeError")
	assert.Zero(t, eval(t, rt, "ran").Int64())
}

// Iterators of iterators are recursion like any other.
func TestIteratorHelperChain(t *testing.T) {
	rt := newRuntime(t, nil)
	_, err := rt.Eval(ctx, "let i = [1].values(); for (let n = 0; n < 1e5; n++) i = i.take(1); [...i]")
	require.ErrorIs(t, err, qjswasm.ErrStackOverflow)
	requireUsable(t, rt)
}
