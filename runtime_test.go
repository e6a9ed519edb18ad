package qjswasm_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestUseAfterClose(t *testing.T) {
	rt, err := qjswasm.New(ctx, &qjswasm.Options{Modules: qjswasm.FS(os.DirFS("."))})
	require.NoError(t, err)
	o := eval(t, rt, "({ f() { return 1 }, p: Promise.resolve(1) })")
	f := must(o.Get("f"))
	p := must(o.Get("p"))
	add, err := qjswasm.As[func(context.Context, float64, float64) (float64, error)](eval(t, rt, "(a, b) => a + b"))
	require.NoError(t, err)
	require.NoError(t, rt.Close())
	require.NoError(t, rt.Close(), "idempotent")

	uses := map[string]func() error{
		"Eval":       func() error { _, err := rt.Eval(ctx, "1"); return err },
		"EvalSource": func() error { _, err := rt.EvalSource(ctx, qjswasm.Source{Code: "1"}); return err },
		"Import":     func() error { _, err := rt.Import(ctx, "x"); return err },
		"Compile":    func() error { _, err := rt.Compile(ctx, qjswasm.Source{Code: "1"}); return err },
		"Set":        func() error { return rt.Set("x", 1) },
		"Get":        func() error { _, err := rt.Get("x"); return err },
		"NewFunc":    func() error { _, err := rt.NewFunc("x", func() {}); return err },
		"NewValue":   func() error { _, err := rt.NewValue(1); return err },
		"RunJobs":    func() error { _, err := rt.RunJobs(ctx); return err },
		"RunJob":     func() error { _, err := rt.RunJob(ctx); return err },
		"Await":      func() error { _, err := rt.Await(ctx, p); return err },
		"GC":         func() error { return rt.GC(ctx) },
		"Value.Get":  func() error { _, err := o.Get("f"); return err },
		"Value.Set":  func() error { return o.Set("f", 1) },
		"Keys":       func() error { _, err := o.Keys(); return err },
		"Export":     func() error { _, err := o.Export(); return err },
		"ExportTo":   func() error { var m map[string]any; return o.ExportTo(&m) },
		"JSON":       func() error { _, err := o.MarshalJSON(); return err },
		"Call":       func() error { _, err := f.Call(ctx, nil); return err },
		"Func":       func() error { _, err := add(ctx, 1, 2); return err },
		"Global":     func() error { _, err := rt.Global().Get("x"); return err },
	}
	for name, use := range uses {
		assert.ErrorIs(t, use(), qjswasm.ErrClosed, name)
	}
	o.Close()
	rt.Interrupt(nil)
	assert.Equal(t, qjswasm.Stats{}, rt.Stats())
	assert.Equal(t, "[object Object]", o.String())
}

func TestWrongRuntime(t *testing.T) {
	a, b := newRuntime(t, nil), newRuntime(t, nil)
	o := eval(t, a, "({})")
	f := eval(t, b, "x => x")
	for name, err := range map[string]error{
		"argument": func() error { _, err := f.Call(ctx, nil, o); return err }(),
		"this":     func() error { _, err := f.Call(ctx, o); return err }(),
		"Set":      b.Set("x", o),
		"nested":   b.Set("x", map[string]any{"y": []any{o}}),
		"Await":    func() error { _, err := b.Await(ctx, o); return err }(),
		"key":      func() error { _, err := f.Get(eval(t, a, "Symbol()")); return err }(),
	} {
		assert.ErrorIs(t, err, qjswasm.ErrWrongRuntime, name)
	}
	// An error of another runtime is an ordinary Go error here.
	_, jsErr := a.Eval(ctx, "throw new TypeError('theirs')")
	require.NoError(t, b.Set("fail", func() error { return jsErr }))
	_, err := b.Eval(ctx, "fail()")
	require.ErrorIs(t, err, jsErr)
}

func TestConcurrentUse(t *testing.T) {
	rt := newRuntime(t, nil)
	running := make(chan struct{})
	require.NoError(t, rt.Set("started", func() { close(running) }))
	var wg sync.WaitGroup
	wg.Go(func() {
		c, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		_, err := rt.Eval(c, "started(); while (true) {}")
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
	<-running
	time.Sleep(5 * time.Millisecond)
	_, err := rt.Eval(ctx, "1")
	assert.ErrorIs(t, err, qjswasm.ErrConcurrentUse)
	assert.ErrorIs(t, rt.Close(), qjswasm.ErrBusy)
	_ = rt.Stats() // safe
	wg.Wait()
	requireUsable(t, rt)

	require.NoError(t, rt.Set("close", func() error { return rt.Close() }))
	_, err = rt.Eval(ctx, "close()")
	require.ErrorIs(t, err, qjswasm.ErrBusy)
}

// A callback may hand the runtime to another goroutine and wait for it; should
// it not wait, the call it was made from still waits.
func TestCallbackOnAnotherGoroutine(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("viaGoroutine", func(c *qjswasm.Call) (any, error) {
		var v *qjswasm.Value
		var err error
		done := make(chan struct{})
		go func() { defer close(done); v, err = rt.Eval(ctx, "20 + 1") }()
		<-done
		return v, err
	}))
	assert.Equal(t, int64(42), eval(t, rt, "viaGoroutine() * 2").Int64())

	inside := make(chan struct{})
	var stray sync.WaitGroup
	require.NoError(t, rt.Set("entered", func() { close(inside); time.Sleep(10 * time.Millisecond) }))
	require.NoError(t, rt.Set("leave", func() int {
		stray.Go(func() {
			v, err := rt.Eval(ctx, "let n = 0; entered(); for (let i = 0; i < 1e5; i++) n += i; n")
			assert.NoError(t, err)
			assert.Equal(t, int64(4999950000), v.Int64())
		})
		<-inside
		return 1
	}))
	assert.Equal(t, int64(3), eval(t, rt, "leave() + 2").Int64())
	stray.Wait()
	requireUsable(t, rt)
}

// Many goroutines, one runtime each, on one engine.
func TestManyRuntimes(t *testing.T) {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 20 {
				rt, err := qjswasm.New(ctx, nil)
				if !assert.NoError(t, err) {
					return
				}
				assert.NoError(t, rt.Set("mine", func() int { return g*1000 + i }))
				v, err := rt.Eval(ctx, "globalThis.x = (globalThis.x || 0) + mine(); x")
				assert.NoError(t, err)
				assert.Equal(t, int64(g*1000+i), v.Int64())
				assert.NoError(t, rt.Close())
			}
		})
	}
	wg.Wait()
}

// Values that Go drops release their objects without Close.
func TestDroppedValuesAreReleased(t *testing.T) {
	rt := newRuntime(t, nil)
	before := collect(t, rt)
	func() {
		for i := range 2000 {
			v := eval(t, rt, "({ big: new Uint8Array(1000) })")
			if i%2 == 0 {
				v.Close()
				v.Close()
			}
		}
	}()
	after := collect(t, rt)
	assert.Equal(t, before.Roots, after.Roots)
	assert.Equal(t, before.GuestObjects, after.GuestObjects)
	assert.Zero(t, after.PendingReleases)
}

// Value.Close counts at once, also from inside a callback.
func TestCloseIsImmediate(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "({})")
	require.Equal(t, 1, rt.Stats().Roots)
	v.Close()
	require.Equal(t, 0, rt.Stats().Roots)
	_, err := v.Get("x")
	require.ErrorIs(t, err, qjswasm.ErrReleased)
	require.NoError(t, rt.Set("f", func() int {
		v := must(rt.Eval(ctx, "({})"))
		n := rt.Stats().Roots
		v.Close()
		return n*10 + rt.Stats().Roots
	}))
	assert.Equal(t, int64(10), eval(t, rt, "f()").Int64())

	// A function that is released while it runs.
	var f *qjswasm.Value
	require.NoError(t, rt.Set("release", func() { f.Close(); _ = rt.GC(ctx) }))
	f = eval(t, rt, "(function () { const o = { x: 1 }; release(); return o.x + 41 })")
	got, err := f.Call(ctx, nil)
	require.NoError(t, err)
	assert.Equal(t, int64(42), got.Int64())
	// The same for a Go function.
	released := false
	f, err = rt.NewFunc("self", func() error { f.Close(); return rt.GC(ctx) }, qjswasm.OnRelease(func() { released = true }))
	require.NoError(t, err)
	_, err = f.Call(ctx, nil)
	require.NoError(t, err)
	assert.True(t, released)
}

// A clock that panics does so where it is asked, also if that is New.
func TestNewWithClockThatPanics(t *testing.T) {
	before := mappings(t)
	for range 20 {
		assert.PanicsWithValue(t, "clock", func() {
			_, _ = qjswasm.New(ctx, &qjswasm.Options{Now: func() time.Time { panic("clock") }})
		})
	}
	if before > 0 {
		assert.Less(t, mappings(t), before+15, "guest memory stays mapped")
	}
}

func TestEngine(t *testing.T) {
	dir := t.TempDir()
	e, err := qjswasm.NewEngine(ctx, &qjswasm.EngineOptions{CacheDir: dir})
	require.NoError(t, err)
	rt, err := e.NewRuntime(ctx, nil)
	require.NoError(t, err)
	require.NoError(t, e.Close(ctx))
	require.NoError(t, e.Close(ctx), "idempotent")
	_, err = e.NewRuntime(ctx, nil)
	require.ErrorIs(t, err, qjswasm.ErrEngineClosed)
	requireUsable(t, rt)
	require.NoError(t, rt.Close())

	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = qjswasm.New(canceled, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestSeedAndClock(t *testing.T) {
	seed := uint64(42)
	at := time.Date(2001, 2, 3, 4, 5, 6, 789e6, time.UTC)
	run := func(o qjswasm.Options) string {
		rt, err := qjswasm.New(ctx, &o)
		require.NoError(t, err)
		defer rt.Close()
		return evalTo[string](t, rt, "[Math.random(), Math.random(), Date.now(), new Date().toISOString(), performance.now(), new Map([[{},1],['a',2]]).size].join()")
	}
	fixed := qjswasm.Options{Seed: &seed, Now: func() time.Time { return at }}
	first := run(fixed)
	assert.Equal(t, first, run(fixed))
	assert.Contains(t, first, "2001-02-03T04:05:06.789Z")
	assert.Contains(t, first, fmt.Sprint(at.UnixMilli()))
	other := uint64(43)
	assert.NotEqual(t, first, run(qjswasm.Options{Seed: &other, Now: fixed.Now}))
	assert.NotEqual(t, run(qjswasm.Options{}), run(qjswasm.Options{}))

	rt := newRuntime(t, nil)
	begin, now := time.Now().UnixMilli(), eval(t, rt, "Date.now()").Int64()
	assert.GreaterOrEqual(t, now, begin)
	assert.LessOrEqual(t, now, time.Now().UnixMilli())
	assert.Equal(t, int64(0), eval(t, rt, "new Date().getTimezoneOffset()").Int64())
}

// A clock that panics does so out of the call that asked for the time.
func TestPanickingClock(t *testing.T) {
	broken := false
	rt := newRuntime(t, &qjswasm.Options{Now: func() time.Time {
		if broken {
			panic("clock")
		}
		return time.Unix(0, 0)
	}})
	broken = true
	require.PanicsWithValue(t, "clock", func() { _, _ = rt.Eval(ctx, "Date.now()") })
	broken = false
	requireUsable(t, rt)
}

// Nothing of the host is in reach unless it was given.
func TestNothingAmbient(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, name := range []string{"std", "os", "require", "process", "Deno", "fetch", "XMLHttpRequest", "WebAssembly", "scriptArgs", "print", "load", "setTimeout"} {
		assert.Equal(t, "undefined", evalTo[string](t, rt, "typeof "+name), name)
	}
	_, err := rt.Import(ctx, "std")
	require.Error(t, err)
	_, err = rt.EvalSource(ctx, qjswasm.Source{Code: "import 'fs'", Module: true})
	require.Error(t, err)
	eval(t, rt, "console.log('nobody listens')")
}
