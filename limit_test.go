package qjswasm_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Recursion of any kind is a RangeError that a script can catch.
func TestRecursionIsRangeError(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("hostCall", func(c *qjswasm.Call) (any, error) { return c.Arg(0).Call(c.Context(), nil) }))
	for name, code := range map[string]string{
		"function":         "function f() { return f() + 1 } f()",
		"brackets in JSON": "JSON.parse('['.repeat(200000))",
		"brackets in code": "eval('['.repeat(200000))",
		"parentheses":      "eval('('.repeat(200000))",
		"getter":           "const g = { get x() { return this.x } }; g.x",
		"toString":         "const s = { toString() { return '' + this } }; '' + s",
		"proxy":            "const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x",
		"proxy of proxy":   "let q = {}; for (let i = 0; i < 100000; i++) q = new Proxy(q, {}); q.x",
		"JSON.stringify":   "const j = { toJSON() { return { j } } }; JSON.stringify(j)",
		"bound":            "let b = () => 1; for (let i = 0; i < 100000; i++) { Object.defineProperty(b, 'name', { value: '' }); b = b.bind(null) } b()",
		"spread":           "function v() { return v(...Array(50).fill(1)) } v()",
		"generator":        "function* gen() { yield* gen() } [...gen()]",
		"class field":      "class C { x = new C() } new C()",
		"sort":             "function w() { [2, 1].sort(w) } w()",
		"replace":          "function r() { 'a'.replace(/a/, r) } r()",
		"flat":             "let n = [1]; for (let i = 0; i < 100000; i++) n = [n]; n.flat(Infinity)",
		"host and back":    "function d() { return hostCall(d) } d()",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rt.Eval(ctx, "(() => {"+code+"})()")
			require.Error(t, err)
			var e *qjswasm.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "RangeError", e.Name, e.Message)
			requireUsable(t, rt)
		})
	}
	_, err := rt.Eval(ctx, "(function f() { f() })()")
	require.ErrorIs(t, err, qjswasm.ErrStackOverflow)
	_, err = rt.Await(ctx, eval(t, rt, "(async function h() { await h() })()"))
	require.ErrorIs(t, err, qjswasm.ErrStackOverflow, "an async function rejects with it")
	_, err = rt.Eval(ctx, "new RegExp('(?:'.repeat(100000) + ')'.repeat(100000))")
	require.ErrorContains(t, err, "SyntaxError: stack overflow", "the pattern compiler has its own word for it")
	requireUsable(t, rt)
	_, err = rt.Eval(ctx, "throw new RangeError('Maximum call stack size exceeded')")
	require.NotErrorIs(t, err, qjswasm.ErrStackOverflow, "scripts cannot pose as the engine")
	assert.Equal(t, "caught", evalTo[string](t, rt, "try { (function f() { f() })() } catch (e) { 'caught' }"))
}

func TestStackSize(t *testing.T) {
	depth := func(size int64) int64 {
		rt := newRuntime(t, &qjswasm.Options{StackSize: size})
		return eval(t, rt, "let n = 0; function f() { n++; f() } try { f() } catch {} n").Int64()
	}
	small, large := depth(100<<10), depth(0)
	assert.Greater(t, small, int64(50))
	assert.Greater(t, large, 5*small)
}

func TestMemoryLimit(t *testing.T) {
	for name, code := range map[string]string{
		"array":       "const a = []; for (;;) a.push({})",
		"string":      "const a = []; for (;;) a.push('x'.repeat(1000) + Math.random())",
		"buffer":      "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20))",
		"one buffer":  "new ArrayBuffer(1 << 30)",
		"repeat":      "'x'.repeat(1 << 29)",
		"fill":        "new Array(1e8).fill(0)",
		"map":         "const m = new Map; for (let i = 0;; i++) m.set(i, 'v' + i)",
		"closures":    "const a = []; for (let i = 0;; i++) a.push(() => i)",
		"bigint":      "const a = []; for (let i = 1n;; i++) a.push(2n ** (100000n + i))",
		"join":        "Array(1e6).fill('x'.repeat(1000)).join()",
		"properties":  "const o = {}; for (let i = 0;; i++) o['k' + i] = i",
		"split":       "'x'.repeat(1e7).split('')",
		"typed array": "new Float64Array(1e9)",
		"parse":       "JSON.parse('[' + '[],'.repeat(1e7) + '0]')",
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 16 << 20})
			_, err := rt.Eval(ctx, "(() => {"+code+"})()")
			require.Error(t, err)
			var e *qjswasm.Error
			if name == "typed array" { // refused before any memory is asked for
				require.ErrorAs(t, err, &e)
				require.Equal(t, "RangeError", e.Name)
				return
			}
			require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "InternalError", e.Name)
			assert.Equal(t, "out of memory", e.Message)
			assert.NotEmpty(t, e.Stack)
			requireUsable(t, rt)
			assert.LessOrEqual(t, rt.Stats().GuestMemory, int64(16<<20+1<<20))

			// The same, caught by the script.
			got := evalTo[string](t, rt, "(() => { try { (() => {"+code+"})() } catch (e) { return e instanceof InternalError && e.message } })()")
			assert.Equal(t, "out of memory", got)
		})
	}
	rt := newRuntime(t, nil)
	_, err := rt.Eval(ctx, "throw new InternalError('out of memory')")
	require.NotErrorIs(t, err, qjswasm.ErrMemoryLimit, "scripts cannot pose as the engine")
}

func TestLimitsAreChecked(t *testing.T) {
	for _, o := range []qjswasm.Options{
		{MemoryLimit: 1}, {MemoryLimit: -1}, {MemoryLimit: 1 << 40},
		{StackSize: 1}, {StackSize: -1}, {StackSize: 1 << 30}, {Timeout: -1},
	} {
		_, err := qjswasm.New(ctx, &o)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "\n")
		assert.True(t, strings.HasPrefix(err.Error(), "qjswasm: "), err.Error())
	}
}

// A source larger than the memory limit is an error like any other.
func TestHugeSource(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 32 << 20})
	_, err := rt.Eval(ctx, strings.Repeat(" ", 100<<20))
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)
	assert.Equal(t, int64(7), eval(t, rt, strings.Repeat(" ", 5<<20)+"7").Int64())
	_, err = rt.NewValue(strings.Repeat("x", 100<<20))
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)
}

// A busy loop under a deadline returns in time, the runtime stays usable, and
// goroutines that allocate meanwhile are not stalled by a collection that waits
// for the guest.
func TestInterruptWithinDeadline(t *testing.T) {
	for name, code := range map[string]string{
		"while":     "while (true) {}",
		"for":       "for (let i = 0;; i++) { i % 7 }",
		"recursion": "function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } f(50)",
		"catch":     "for (;;) { try { while (true) {} } catch {} finally { continue } }",
		"iterator":  "for (const x of (function* () { while (true) yield 1 })()) {}",
		"promise":   "(function f() { Promise.resolve().then(f) })(); 1",
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, nil)
			stall := measureStall(t)
			c, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			defer cancel()
			start := time.Now()
			_, err := rt.Eval(c, code)
			if err == nil {
				_, err = rt.RunJobs(c)
			}
			took := time.Since(start)
			worst := stall()
			require.ErrorIs(t, err, qjswasm.ErrInterrupted)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			t.Logf("returned after %v, worst stall %v", took, worst)
			// Not a matter of speed: a guest that does not poll freezes the process.
			assert.Less(t, took, 10*time.Second)
			assert.Less(t, worst, 5*time.Second)
			requireUsable(t, rt)
		})
	}
}

// measureStall allocates on another goroutine and tells its worst delay.
func measureStall(t *testing.T) (stop func() time.Duration) {
	t.Helper()
	var wg sync.WaitGroup
	quit := make(chan struct{})
	var worst time.Duration
	var keep []byte
	wg.Go(func() {
		last := time.Now()
		for {
			select {
			case <-quit:
				return
			default:
			}
			keep = make([]byte, 100<<10)
			time.Sleep(200 * time.Microsecond)
			now := time.Now()
			worst = max(worst, now.Sub(last))
			last = now
		}
	})
	return func() time.Duration {
		close(quit)
		wg.Wait()
		_ = keep
		return worst
	}
}

func TestInterruptReasons(t *testing.T) {
	reason := errors.New("enough")
	t.Run("Interrupt", func(t *testing.T) {
		rt := newRuntime(t, nil)
		rt.Interrupt(errors.New("nothing runs"))
		requireUsable(t, rt)
		time.AfterFunc(20*time.Millisecond, func() {
			rt.Interrupt(reason)
			rt.Interrupt(errors.New("too late"))
		})
		_, err := rt.Eval(ctx, "while (true) {}")
		require.ErrorIs(t, err, qjswasm.ErrInterrupted)
		require.ErrorIs(t, err, reason)
		requireUsable(t, rt)
	})
	t.Run("cause", func(t *testing.T) {
		rt := newRuntime(t, nil)
		c, cancel := context.WithCancelCause(ctx)
		time.AfterFunc(20*time.Millisecond, func() { cancel(reason) })
		_, err := rt.Eval(c, "while (true) {}")
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, reason)
		_, err = rt.Eval(c, "1")
		require.ErrorIs(t, err, qjswasm.ErrInterrupted, "a context that is done stops an entry before it begins")
		require.ErrorIs(t, err, reason)
		requireUsable(t, rt)
	})
	t.Run("Timeout", func(t *testing.T) {
		rt := newRuntime(t, &qjswasm.Options{Timeout: 20 * time.Millisecond})
		require.NoError(t, rt.Set("left", func(c context.Context) (int64, error) {
			d, ok := c.Deadline()
			assert.True(t, ok)
			return time.Until(d).Milliseconds(), nil
		}))
		assert.LessOrEqual(t, evalTo[int64](t, rt, "left()"), int64(20))
		_, err := rt.Eval(ctx, "while (true) {}")
		require.ErrorIs(t, err, qjswasm.ErrInterrupted)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		eval(t, rt, "globalThis.o = { get x() { while (true) {} } }")
		_, err = must(rt.Get("o")).Get("x")
		require.ErrorIs(t, err, qjswasm.ErrInterrupted, "accessors are bounded too")
		require.NoError(t, rt.Set("host", func() int { return 1 }))
		requireUsable(t, rt)
		assert.Equal(t, int64(1), eval(t, rt, "host()").Int64(), "a time limit does not forbid host calls")
	})
	t.Run("outer context in a nested entry", func(t *testing.T) {
		rt := newRuntime(t, nil)
		require.NoError(t, rt.Set("spin", func() error {
			_, err := rt.Eval(context.Background(), "while (true) {}")
			return err
		}))
		c, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		_, err := rt.Eval(c, "try { spin() } catch { while (true) {} }")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		requireUsable(t, rt)
	})
	t.Run("inner context only", func(t *testing.T) {
		rt := newRuntime(t, nil)
		require.NoError(t, rt.Set("spin", func() error {
			c, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
			defer cancel()
			_, err := rt.Eval(c, "while (true) {}")
			return err
		}))
		assert.Equal(t, "caught", evalTo[string](t, rt, "try { spin() } catch { 'caught' }"))
	})
}
