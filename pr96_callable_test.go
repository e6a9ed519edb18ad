package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func (p *pr96) callIntoGo() {
	add := func(n float64) func(float64) float64 { return func(x float64) float64 { return x + n } }
	p.run("CallIntoPython/test_make_function", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("f", add(2)))
		assert.Equal(t, int64(42), eval96(t, rt, "f(40)"))
		assert.Equal(t, "f", eval96(t, rt, "f.name"))
	})
	p.run("CallIntoPython/test_make_two_functions", func(t *testing.T, rt *qjswasm.Runtime) {
		for i := range 10 {
			require.NoError(t, rt.Set("f", add(float64(i+2))))
			require.NoError(t, rt.Set("g", add(float64(i+40))))
			f, g := get96(t, rt, "f"), get96(t, rt, "g")
			want := int64(42 + i)
			assert.Equal(t, want, call96(t, f, 40))
			assert.Equal(t, want, call96(t, g, 2))
			assert.Equal(t, want, call96(t, value96(t, rt, "((f, a) => f(a))"), f, 40))
			f.Close()
			g.Close()
		}
		// The nine pairs that were replaced are gone.
		require.NoError(t, rt.GC(t.Context()))
		assert.Equal(t, 2, rt.Stats().Callables)
	})
	p.run("CallIntoPython/test_make_function_call_from_js", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("f", add(2)))
		g := value96(t, rt, "(function () { return f(20) + 20; })")
		assert.Equal(t, int64(42), call96(t, g))
	})
}

func (p *pr96) callIntoGoErrors() {
	p.run("CallIntoPython/test_python_function_raises", func(t *testing.T, rt *qjswasm.Runtime) {
		errA := errors.New("A")
		require.NoError(t, rt.Set("error", func(any) error { return fmt.Errorf("wrapped: %w", errA) }))
		_, err := rt.Eval(t.Context(), "error(0)")
		assert.ErrorIs(t, err, errA)
		assert.EqualError(t, err, "Error: wrapped: A")
		assert.Equal(t, "wrapped: A", eval96(t, rt, "try { error(0) } catch (e) { e.message }"))
	})
	p.run("CallIntoPython/test_python_function_not_callable", func(t *testing.T, rt *qjswasm.Runtime) {
		_, err := rt.NewFunc("not_callable", 1)
		var unfit *qjswasm.ConvertError
		assert.ErrorAs(t, err, &unfit)
		assert.Zero(t, rt.Stats().Callables)
	})
	p.run("CallIntoPython/test_python_function_no_slots", func(t *testing.T, rt *qjswasm.Runtime) {
		const n = 1 << 16
		for i := range n {
			require.NoError(t, rt.Set(fmt.Sprint("a", i), func() int { return i + 1 }))
		}
		assert.Equal(t, int64(1), eval96(t, rt, "a0()"))
		assert.Equal(t, int64(n), eval96(t, rt, fmt.Sprintf("a%d()", n-1)))
		assert.Equal(t, n, rt.Stats().Callables)
	})
	p.run("CallIntoPython/test_function_after_context_del", func(t *testing.T, _ *qjswasm.Runtime) {
		f := func() *qjswasm.Value {
			rt, err := qjswasm.New(t.Context(), nil)
			require.NoError(t, err)
			require.NoError(t, rt.Set("f", func() int { return 1 }))
			return get96(t, rt, "f")
		}()
		runtime.GC()
		runtime.GC()
		assert.Equal(t, int64(1), call96(t, f))
		require.NoError(t, f.Runtime().Close())
	})
	p.run("CallIntoPython/test_python_function_unwritable", func(t *testing.T, rt *qjswasm.Runtime) {
		value96(t, rt, `Object.defineProperty(globalThis, "obj", { value: "test", writable: false })`).Close()
		err := rt.Set("obj", func() {})
		assert.ErrorContains(t, err, "read-only")
		assert.Equal(t, "TypeError", jsError96(t, err).Name)
		assert.Equal(t, "test", eval96(t, rt, "obj"))
		assert.Zero(t, rt.Stats().Callables, "the function that nobody got is released")
	})
	p.run("CallIntoPython/test_python_function_is_function", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("f", func() {}))
		assert.Equal(t, true, eval96(t, rt, "f instanceof Function"))
		assert.Equal(t, true, eval96(t, rt, "typeof f === 'function'"))
		assert.True(t, get96(t, rt, "f").IsFunction())
	})
	p.run("CallIntoPython/test_make_function_two_args", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("concat", func(a, b float64) float64 { return a + b }))
		assert.Equal(t, int64(42), eval96(t, rt, "concat(40, 2)"))
		concat := get96(t, rt, "concat")
		f := value96(t, rt, "((f, a, b) => 22 + f(a, b))")
		assert.Equal(t, int64(42), call96(t, f, concat, 10, 10))
	})
	p.run("CallIntoPython/test_make_function_two_string_args", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("concat", func(a, b string) string { return a + "-" + b }))
		concat := get96(t, rt, "concat")
		assert.Equal(t, "aaa-bbb", call96(t, concat, "aaa", "bbb"))
		// The arguments are the caller's still, and whole.
		assert.Equal(t, "aaa-bbb aaa bbb", eval96(t, rt, "let a = 'a'.repeat(3), b = 'b'.repeat(3); [concat(a, b), a, b].join(' ')"))
	})
}

func (p *pr96) callIntoGoAgain() {
	p.run("CallIntoPython/test_can_eval_in_same_context", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("f", func(ctx context.Context) (int, error) {
			two, err := qjswasm.Eval[int](ctx, rt, "1 + 1")
			return 40 + two, err
		}))
		assert.Equal(t, int64(42), eval96(t, rt, "f()"))
	})
	p.run("CallIntoPython/test_can_call_in_same_context", func(t *testing.T, rt *qjswasm.Runtime) {
		inner := value96(t, rt, "(function () { return 42; })")
		require.NoError(t, rt.Set("f", func(c *qjswasm.Call) (any, error) { return inner.Call(c.Context(), nil) }))
		assert.Equal(t, int64(42), eval96(t, rt, "f()"))
	})
	p.run("CallIntoPython/test_delete_function_from_inside_js", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("f", func() {}))
		require.Equal(t, 1, rt.Stats().Callables)
		assert.Equal(t, true, eval96(t, rt, "delete f"))
		assert.True(t, get96(t, rt, "f").IsUndefined())
		assert.Zero(t, rt.Stats().Callables)
	})
	p.run("CallIntoPython/test_invalid_argument", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("p", func() int { return 42 }))
		require.NoError(t, rt.Set("q", func(x int) int { return x }))
		assert.Equal(t, int64(42), eval96(t, rt, "p()"))
		// Too many are ignored, as everywhere in JS.
		assert.Equal(t, int64(42), eval96(t, rt, "p(1)"))
		assert.Equal(t, int64(42), eval96(t, rt, "p({})"))
		// Too few, or others than the parameters want, are errors.
		for _, code := range []string{"q()", "q({})", "q('1')", "q(1.5)"} {
			_, err := rt.Eval(t.Context(), code)
			var unfit *qjswasm.ConvertError
			assert.ErrorAs(t, err, &unfit, code)
			assert.Equal(t, "TypeError", jsError96(t, err).Name, code)
		}
	})
	p.run("CallIntoPython/test_time_limit_disallowed", func(t *testing.T, _ *qjswasm.Runtime) {
		rt := newRuntime96(t, &qjswasm.Options{Timeout: time.Minute})
		require.NoError(t, rt.Set("f", func(x int) int { return x + 2 }))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		n, err := qjswasm.Eval[int](ctx, rt, "f(40)")
		require.NoError(t, err)
		assert.Equal(t, 42, n)
	})
	p.run("CallIntoPython/test_conversion_failure_does_not_raise_system_error", func(t *testing.T, rt *qjswasm.Runtime) {
		require.NoError(t, rt.Set("test_list", func() []int { return []int{1, 2, 3} }))
		assert.Equal(t, []any{int64(1), int64(2), int64(3)}, eval96(t, rt, "test_list()"))
		// What has no JS form is an exception.
		require.NoError(t, rt.Set("test_chan", func() any { return []any{make(chan<- int)} }))
		_, err := rt.Eval(t.Context(), "test_chan()")
		var unfit *qjswasm.ConvertError
		require.ErrorAs(t, err, &unfit)
		assert.Equal(t, "[0]", unfit.Path)
		assert.Equal(t, "TypeError", jsError96(t, err).Name)
	})
}
