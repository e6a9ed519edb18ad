package qjswasm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// pr96 runs the behaviours that the test suite of PetterS/quickjs at PR #96 pins,
// each under the name of the original test. docs/deviations.md says where ours
// differ on purpose.
type pr96 struct {
	t   *testing.T
	ran []string
}

// run runs a behaviour in a runtime of its own.
func (p *pr96) run(name string, f func(t *testing.T, rt *qjswasm.Runtime)) {
	p.t.Helper()
	p.t.Run(name, func(t *testing.T) {
		p.ran = append(p.ran, name)
		f(t, newRuntime96(t, nil))
	})
}

func newRuntime96(t *testing.T, o *qjswasm.Options) *qjswasm.Runtime {
	t.Helper()
	rt, err := qjswasm.New(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, rt.Close()) })
	return rt
}

// eval evaluates a script and exports its completion value.
func eval96(t *testing.T, rt *qjswasm.Runtime, code string) any {
	t.Helper()
	x, err := qjswasm.Eval[any](t.Context(), rt, code)
	require.NoError(t, err, code)
	return x
}

// value evaluates a script for its completion value itself.
func value96(t *testing.T, rt *qjswasm.Runtime, code string) *qjswasm.Value {
	t.Helper()
	v, err := rt.Eval(t.Context(), code)
	require.NoError(t, err, code)
	return v
}

// call calls a function and exports its result.
func call96(t *testing.T, f *qjswasm.Value, args ...any) any {
	t.Helper()
	v, err := f.Call(t.Context(), nil, args...)
	require.NoError(t, err)
	defer v.Close()
	x, err := v.Export()
	require.NoError(t, err)
	return x
}

// get returns a global.
func get96(t *testing.T, rt *qjswasm.Runtime, name string) *qjswasm.Value {
	t.Helper()
	v, err := rt.Get(name)
	require.NoError(t, err)
	return v
}

// function is the original's Function: a script, and a global that it defines.
func function96(t *testing.T, rt *qjswasm.Runtime, name, code string) *qjswasm.Value {
	t.Helper()
	value96(t, rt, code)
	f := get96(t, rt, name)
	require.True(t, f.IsFunction())
	return f
}

// jsError is the exception in err.
func jsError96(t *testing.T, err error) *qjswasm.Error {
	t.Helper()
	var js *qjswasm.Error
	require.ErrorAs(t, err, &js)
	return js
}

const (
	push96 = `(function () {
	let arr = [];
	for (let i = 0; i < 100000; ++i) arr.push(i);
	return arr;
})`
	sum96 = `function sum(data) { return data.reduce((a, b) => a + b, 0); }`
)

func TestPR96(t *testing.T) {
	t.Parallel()
	p := &pr96{t: t}
	p.loadModule()
	p.context()
	p.contextLimits()
	p.callIntoGo()
	p.callIntoGoErrors()
	p.callIntoGoAgain()
	p.object()
	p.objectErrors()
	p.function()
	p.functionLimits()
	p.javascriptFeatures()
	p.threads()
	p.contextInClass()

	t.Run("all of them ran", func(t *testing.T) {
		assert.Len(t, p.ran, 72)
		assert.Equal(t, strings.Fields(names96), p.ran)
	})
}

// names96 are the names of the original tests, in their order.
const names96 = `
LoadModule/test_42

Context/test_eval_int
Context/test_eval_float
Context/test_eval_str
Context/test_eval_bool
Context/test_eval_null
Context/test_eval_undefined
Context/test_wrong_type
Context/test_context_between_calls
Context/test_function
Context/test_get
Context/test_set
Context/test_module
Context/test_error
Context/test_lifetime
Context/test_backtrace
Context/test_memory_limit
Context/test_time_limit
Context/test_memory_usage
Context/test_json_simple
Context/test_json_error
Context/test_execute_pending_job
Context/test_global

CallIntoPython/test_make_function
CallIntoPython/test_make_two_functions
CallIntoPython/test_make_function_call_from_js
CallIntoPython/test_python_function_raises
CallIntoPython/test_python_function_not_callable
CallIntoPython/test_python_function_no_slots
CallIntoPython/test_function_after_context_del
CallIntoPython/test_python_function_unwritable
CallIntoPython/test_python_function_is_function
CallIntoPython/test_make_function_two_args
CallIntoPython/test_make_function_two_string_args
CallIntoPython/test_can_eval_in_same_context
CallIntoPython/test_can_call_in_same_context
CallIntoPython/test_delete_function_from_inside_js
CallIntoPython/test_invalid_argument
CallIntoPython/test_time_limit_disallowed
CallIntoPython/test_conversion_failure_does_not_raise_system_error

Object/test_function_is_object
Object/test_function_call_int
Object/test_function_call_int_two_args
Object/test_function_call_many_times
Object/test_function_call_str
Object/test_function_call_str_three_args
Object/test_function_call_object
Object/test_function_call_unsupported_arg
Object/test_json
Object/test_call_nonfunction
Object/test_wrong_context

FunctionTest/test_adder
FunctionTest/test_identity
FunctionTest/test_bool
FunctionTest/test_empty
FunctionTest/test_lists
FunctionTest/test_dict
FunctionTest/test_time_limit
FunctionTest/test_garbage_collection
FunctionTest/test_deep_recursion
FunctionTest/test_add_callable
FunctionTest/test_execute_pending_job
FunctionTest/test_global

JavascriptFeatures/test_unicode_strings
JavascriptFeatures/test_es2020_optional_chaining
JavascriptFeatures/test_es2020_null_coalescing
JavascriptFeatures/test_symbol_conversion
JavascriptFeatures/test_large_python_integers_to_quickjs
JavascriptFeatures/test_bigint

Threads/test_concurrent
Threads/test_concurrent_own_executor

QuickJSContextInClass/test_github_issue_7
`

func (p *pr96) loadModule() {
	// The original loads its C extension and calls a function in it. Here it is
	// the guest that has to load, and Go code that JS reaches through a module.
	p.run("LoadModule/test_42", func(t *testing.T, _ *qjswasm.Runtime) {
		engine, err := qjswasm.NewEngine(t.Context(), nil)
		require.NoError(t, err)
		defer func() { assert.NoError(t, engine.Close(context.Background())) }()
		rt, err := engine.NewRuntime(t.Context(), &qjswasm.Options{Modules: qjswasm.FS(fstest.MapFS{
			"quickjs.mjs": {Data: []byte("export function test() { return answer(); }")},
		})})
		require.NoError(t, err)
		defer func() { assert.NoError(t, rt.Close()) }()
		require.NoError(t, rt.Set("answer", func() int { return 42 }))
		quickjs, err := rt.Import(t.Context(), "quickjs.mjs")
		require.NoError(t, err)
		test, err := quickjs.Get("test")
		require.NoError(t, err)
		assert.Equal(t, int64(42), call96(t, test))
	})
}

func (p *pr96) context() {
	for _, c := range []struct {
		name string
		want map[string]any
	}{
		{"test_eval_int", map[string]any{"40 + 2": int64(42)}},
		{"test_eval_float", map[string]any{"40.0 + 2.0": int64(42), "40.25 + 2.25": 42.5}}, // JS has one number type
		{"test_eval_str", map[string]any{"'4' + '2'": "42"}},
		{"test_eval_bool", map[string]any{"true || false": true, "true && false": false}},
		{"test_eval_null", map[string]any{"null": nil}},
		{"test_eval_undefined", map[string]any{"undefined": nil}},
	} {
		p.run("Context/"+c.name, func(t *testing.T, rt *qjswasm.Runtime) {
			for code, want := range c.want {
				assert.Equal(t, want, eval96(t, rt, code), code)
			}
			// Kind tells apart what nil stands for.
			assert.True(t, value96(t, rt, "null").IsNull())
			assert.True(t, value96(t, rt, "undefined").IsUndefined())
		})
	}
	// eval(1) does not compile in Go. What is left is a wrong type at the border.
	p.run("Context/test_wrong_type", func(t *testing.T, rt *qjswasm.Runtime) {
		_, err := qjswasm.Eval[string](t.Context(), rt, "42")
		var unfit *qjswasm.ConvertError
		assert.ErrorAs(t, err, &unfit)
		_, err = qjswasm.Eval[uint8](t.Context(), rt, "300")
		assert.ErrorAs(t, err, &unfit)
	})
	p.run("Context/test_context_between_calls", func(t *testing.T, rt *qjswasm.Runtime) {
		eval96(t, rt, "x = 40; y = 2;")
		assert.Equal(t, int64(42), eval96(t, rt, "x + y"))
	})
	p.run("Context/test_function", func(t *testing.T, rt *qjswasm.Runtime) {
		eval96(t, rt, "function special(x) { return 40 + x; }")
		assert.Equal(t, int64(42), eval96(t, rt, "special(2)"))
	})
	p.run("Context/test_get", func(t *testing.T, rt *qjswasm.Runtime) {
		eval96(t, rt, "x = 42; y = 'foo';")
		assert.Equal(t, int64(42), get96(t, rt, "x").Int64())
		assert.Equal(t, "foo", get96(t, rt, "y").String())
		assert.True(t, get96(t, rt, "z").IsUndefined())
	})
	p.run("Context/test_set", func(t *testing.T, rt *qjswasm.Runtime) {
		eval96(t, rt, "x = 'overriden'")
		require.NoError(t, rt.Set("x", 42))
		require.NoError(t, rt.Set("y", "foo"))
		assert.Equal(t, true, eval96(t, rt, "x === 42"))
		assert.Equal(t, true, eval96(t, rt, "y === 'foo'"))
	})
	p.run("Context/test_module", func(t *testing.T, rt *qjswasm.Runtime) {
		ns, err := rt.EvalSource(t.Context(), qjswasm.Source{Module: true, Code: "export function test() { return 42; }"})
		require.NoError(t, err)
		test, err := ns.Get("test")
		require.NoError(t, err)
		assert.Equal(t, int64(42), call96(t, test))
	})
	p.run("Context/test_error", func(t *testing.T, rt *qjswasm.Runtime) {
		_, err := rt.Eval(t.Context(), "missing + missing")
		assert.EqualError(t, err, "ReferenceError: missing is not defined")
		assert.Equal(t, "ReferenceError", jsError96(t, err).Name)
	})
	p.run("Context/test_lifetime", func(t *testing.T, _ *qjswasm.Runtime) {
		f := func() *qjswasm.Value {
			rt, err := qjswasm.New(t.Context(), nil)
			require.NoError(t, err)
			return value96(t, rt, "a = function (x) { return 40 + x; }")
		}()
		// Nothing but f refers to the runtime now, and f keeps it alive.
		runtime.GC()
		runtime.GC()
		assert.Equal(t, int64(42), call96(t, f, 2))
		require.NoError(t, f.Runtime().Close())
	})
	p.run("Context/test_backtrace", func(t *testing.T, rt *qjswasm.Runtime) {
		_, err := rt.EvalSource(t.Context(), qjswasm.Source{Name: "<input>", Code: `
                function funcA(x) {
                    x.a.b = 1;
                }
                function funcB(x) {
                    funcA(x);
                }
                funcB({});
            `})
		js := jsError96(t, err)
		assert.Contains(t, js.Stack, "at funcA (<input>:3:")
		assert.Contains(t, js.Stack, "at funcB (<input>:6:")
		require.Len(t, js.Frames, 3)
		a, b := js.Frames[0], js.Frames[1]
		assert.Equal(t, "funcA <input> 3", fmt.Sprint(a.Function, " ", a.File, " ", a.Line))
		assert.Equal(t, "funcB <input> 6", fmt.Sprint(b.Function, " ", b.File, " ", b.Line))
		assert.Positive(t, a.Column)
		assert.Positive(t, b.Column)
	})
}

func (p *pr96) contextLimits() {
	p.run("Context/test_memory_limit", func(t *testing.T, rt *qjswasm.Runtime) {
		const code = "(function () { let arr = []; for (let i = 0; i < 1e6; ++i) arr.push(i); return arr.length; })()"
		small := newRuntime96(t, &qjswasm.Options{MemoryLimit: 4 << 20})
		_, err := small.Eval(t.Context(), code)
		require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
		js := jsError96(t, err) // not null
		assert.Equal(t, "InternalError", js.Name)
		assert.Equal(t, "out of memory", js.Message)
		js.Value().Close()
		// The script can catch it, and the runtime goes on.
		assert.Equal(t, true, eval96(t, small, "try { "+code+" } catch (e) { e instanceof InternalError }"))
		// Limits are fixed when a runtime is made; one with more runs the same code.
		assert.Equal(t, int64(1e6), eval96(t, rt, code))
	})
	p.run("Context/test_time_limit", func(t *testing.T, rt *qjswasm.Runtime) {
		value96(t, rt, push96+"()").Close()
		assertInterrupted96(t, func(ctx context.Context) error {
			_, err := rt.Eval(ctx, push96+"()")
			return err
		})
		value96(t, rt, push96+"()").Close()
	})
	p.run("Context/test_memory_usage", func(t *testing.T, rt *qjswasm.Runtime) {
		before := rt.Stats()
		assert.Positive(t, before.GuestBytes)
		assert.Positive(t, before.GuestObjects)
		assert.GreaterOrEqual(t, before.GuestMemory, before.GuestBytes)
		value96(t, rt, "kept = new Uint8Array(100000)").Close()
		assert.GreaterOrEqual(t, rt.Stats().GuestBytes, before.GuestBytes+100000)
	})
	// There is no parse_json: JSON.parse is an object away.
	parseJSON := func(t *testing.T, rt *qjswasm.Runtime, text string) (*qjswasm.Value, error) {
		t.Helper()
		parse, err := get96(t, rt, "JSON").Get("parse")
		require.NoError(t, err)
		return parse.Call(t.Context(), nil, text)
	}
	p.run("Context/test_json_simple", func(t *testing.T, rt *qjswasm.Runtime) {
		v, err := parseJSON(t, rt, "42")
		require.NoError(t, err)
		assert.Equal(t, int64(42), v.Int64())
	})
	p.run("Context/test_json_error", func(t *testing.T, rt *qjswasm.Runtime) {
		_, err := parseJSON(t, rt, "a b c")
		assert.ErrorContains(t, err, "unexpected token")
		assert.Equal(t, "SyntaxError", jsError96(t, err).Name)
	})
	p.run("Context/test_execute_pending_job", func(t *testing.T, rt *qjswasm.Runtime) {
		job := func() bool {
			ran, err := rt.RunJob(t.Context())
			require.NoError(t, err)
			return ran
		}
		eval96(t, rt, "obj = {}; 0")
		assert.False(t, job())
		value96(t, rt, "Promise.resolve().then(() => { obj.x = 1; })")
		assert.Nil(t, eval96(t, rt, "obj.x"))
		assert.True(t, job())
		assert.Equal(t, int64(1), eval96(t, rt, "obj.x"))
		assert.False(t, job())
	})
	p.run("Context/test_global", func(t *testing.T, rt *qjswasm.Runtime) {
		global := rt.Global()
		require.NoError(t, rt.Set("f", global))
		assert.True(t, global.IsObject())
		assert.Equal(t, true, eval96(t, rt, "f === globalThis"))
		assertGlobalStays96(t, rt)
	})
}

// assertGlobalStays96 checks that a script which assigns to globalThis does not
// change what Global returns: the original's attribute is read-only.
func assertGlobalStays96(t *testing.T, rt *qjswasm.Runtime) {
	t.Helper()
	global := rt.Global()
	eval96(t, rt, "globalThis = 1")
	same, err := global.StrictEquals(rt.Global())
	require.NoError(t, err)
	assert.True(t, same)
}

// assertInterrupted96 checks that run, which takes a while, stops under a context
// that has no time left and under one that runs out of it.
func assertInterrupted96(t *testing.T, run func(context.Context) error) {
	t.Helper()
	for _, d := range []time.Duration{0, 100 * time.Microsecond} {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		err := run(ctx)
		cancel()
		assert.ErrorIs(t, err, qjswasm.ErrInterrupted)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "interrupted")
	}
}

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
		require.NoError(t, rt.Set("test_chan", func() any { return []any{make(chan int)} }))
		_, err := rt.Eval(t.Context(), "test_chan()")
		var unfit *qjswasm.ConvertError
		require.ErrorAs(t, err, &unfit)
		assert.Equal(t, "[0]", unfit.Path)
		assert.Equal(t, "TypeError", jsError96(t, err).Name)
	})
}

func (p *pr96) object() {
	for _, c := range []struct {
		name, code string
		args       []any
		want       any
	}{
		{"test_function_call_int", "f = function (x) { return 40 + x; }", []any{2}, int64(42)},
		{"test_function_call_int_two_args", "f = function (x, y) { return 40 + x + y; }", []any{3, -1}, int64(42)},
		{"test_function_call_many_times", "f = function (x, y) { return x + y; }", []any{1, 1}, int64(2)},
		{"test_function_call_str", "f = function (a) { return a + ' hej'; }", []any{"1"}, "1 hej"},
		{"test_function_call_str_three_args", "f = function (a, b, c) { return a + ' hej ' + b + ' ho ' + c; }", []any{"1", "2", "3"}, "1 hej 2 ho 3"},
	} {
		if c.name == "test_function_call_int" {
			p.run("Object/test_function_is_object", func(t *testing.T, rt *qjswasm.Runtime) {
				f := value96(t, rt, c.code)
				assert.True(t, f.IsObject())
				assert.Equal(t, qjswasm.KindFunction, f.Kind())
			})
		}
		p.run("Object/"+c.name, func(t *testing.T, rt *qjswasm.Runtime) {
			times := 1
			if c.name == "test_function_call_many_times" {
				times = 1000
			}
			f := value96(t, rt, c.code)
			before := rt.Stats()
			for range times {
				require.Equal(t, c.want, call96(t, f, c.args...))
			}
			after := rt.Stats()
			assert.Equal(t, before.GuestObjects, after.GuestObjects)
			assert.Equal(t, before.Roots, after.Roots)
		})
	}
	p.run("Object/test_function_call_object", func(t *testing.T, rt *qjswasm.Runtime) {
		d := value96(t, rt, "d = { data: 42 };")
		f := value96(t, rt, "f = function (d) { return d.data; }")
		for range 3 { // again, for the reference counts
			assert.Equal(t, int64(42), call96(t, f, d))
		}
	})
}

func (p *pr96) objectErrors() {
	p.run("Object/test_function_call_unsupported_arg", func(t *testing.T, rt *qjswasm.Runtime) {
		f := value96(t, rt, "f = function (x) { return 40 + x; }")
		// A map is a plain object.
		assert.Equal(t, "40[object Object]", call96(t, f, map[string]any{}))
		_, err := f.Call(t.Context(), nil, make(chan int))
		var unfit *qjswasm.ConvertError
		assert.ErrorAs(t, err, &unfit)
	})
	p.run("Object/test_json", func(t *testing.T, rt *qjswasm.Runtime) {
		text, err := json.Marshal(value96(t, rt, "d = { data: 42 };"))
		require.NoError(t, err)
		assert.JSONEq(t, `{"data": 42}`, string(text))
	})
	p.run("Object/test_call_nonfunction", func(t *testing.T, rt *qjswasm.Runtime) {
		_, err := value96(t, rt, "({ data: 42 })").Call(t.Context(), nil, 1)
		assert.EqualError(t, err, "TypeError: not a function")
	})
	p.run("Object/test_wrong_context", func(t *testing.T, rt1 *qjswasm.Runtime) {
		rt2 := newRuntime96(t, nil)
		f := value96(t, rt1, "(function (x) { return x.a; })")
		d := value96(t, rt2, "({ a: 1 })")
		_, err := f.Call(t.Context(), nil, d)
		assert.ErrorIs(t, err, qjswasm.ErrWrongRuntime)
		_, err = f.Call(t.Context(), nil, []any{d})
		assert.ErrorIs(t, err, qjswasm.ErrWrongRuntime)
	})
}

func (p *pr96) function() {
	type row struct {
		args []any
		want any
	}
	for _, c := range []struct {
		name, function, code string
		rows                 []row
	}{
		{"test_adder", "adder", "function adder(x, y) { return x + y; }", []row{
			{[]any{1, 1}, int64(2)},
			{[]any{100, 200}, int64(300)},
			{[]any{"a", "b"}, "ab"},
		}},
		{"test_identity", "identity", "function identity(x) { return x; }", []row{
			{[]any{true}, true},
			{[]any{[]int{1}}, []any{int64(1)}},
			{[]any{map[string]int{"a": 2}}, map[string]any{"a": int64(2)}},
			{[]any{1}, int64(1)},
			{[]any{1.5}, 1.5},
			{[]any{"hej"}, "hej"},
			{[]any{nil}, nil},
		}},
		{"test_bool", "f", "function f(x) { return [typeof x, !x]; }", []row{
			{[]any{false}, []any{"boolean", true}},
			{[]any{true}, []any{"boolean", false}},
		}},
		{"test_empty", "f", "function f() { }", []row{{nil, nil}}},
		{"test_lists", "f", `function f(arr) {
			const result = [];
			arr.forEach(function (elem) { result.push(elem + 42); });
			return result;
		}`, []row{{[]any{[]int{0, 1, 2}}, []any{int64(42), int64(43), int64(44)}}}},
		{"test_dict", "f", "function f(obj) { return obj.data; }", []row{
			{[]any{map[string]any{"data": map[string]any{"value": 42}}}, map[string]any{"value": int64(42)}},
		}},
	} {
		p.run("FunctionTest/"+c.name, func(t *testing.T, rt *qjswasm.Runtime) {
			f := function96(t, rt, c.function, c.code)
			for _, r := range c.rows {
				assert.Equal(t, r.want, call96(t, f, r.args...), r.args)
			}
		})
	}
}

func (p *pr96) functionLimits() {
	p.run("FunctionTest/test_time_limit", func(t *testing.T, rt *qjswasm.Runtime) {
		f := value96(t, rt, push96)
		call96(t, f)
		assertInterrupted96(t, func(ctx context.Context) error {
			_, err := f.Call(ctx, nil)
			return err
		})
		assert.Len(t, call96(t, f), 100000)
	})
	p.run("FunctionTest/test_garbage_collection", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", `function f() {
			let a = {}, b = {};
			a.b = b;
			b.a = a;
			a.i = 42;
			return a.i;
		}`)
		initial := rt.Stats().GuestObjects
		for range 10 {
			before := rt.Stats().GuestObjects
			assert.Equal(t, int64(42), call96(t, f))
			assert.Greater(t, rt.Stats().GuestObjects, before)
		}
		require.NoError(t, rt.GC(t.Context()))
		assert.LessOrEqual(t, rt.Stats().GuestObjects, initial)
	})
	p.run("FunctionTest/test_deep_recursion", func(t *testing.T, rt *qjswasm.Runtime) {
		const code = "function f(v) { return v <= 0 ? 0 : 1 + f(v - 1); }"
		small := newRuntime96(t, &qjswasm.Options{StackSize: 64 << 10})
		f := function96(t, small, "f", code)
		assert.Equal(t, int64(100), call96(t, f, 100))
		_, err := f.Call(t.Context(), nil, 500)
		assert.ErrorIs(t, err, qjswasm.ErrStackOverflow)
		assert.Equal(t, "RangeError", jsError96(t, err).Name)
		assert.Equal(t, int64(100), call96(t, f, 100))
		// The stack's size is fixed when a runtime is made; a larger one will do.
		assert.Equal(t, int64(500), call96(t, function96(t, rt, "f", code), 500))
	})
	p.run("FunctionTest/test_add_callable", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", "function f() { return pfunc(); }")
		require.NoError(t, rt.Set("pfunc", func() int { return 42 }))
		assert.Equal(t, int64(42), call96(t, f))
	})
	p.run("FunctionTest/test_execute_pending_job", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", `
			obj = {x: 0, y: 0};
			async function a() { obj.x = await 1; }
			a();
			Promise.resolve().then(() => {obj.y = 1});
			function f() { return obj.x + obj.y; }
		`)
		for done := range int64(3) {
			assert.Equal(t, done, call96(t, f))
			ran, err := rt.RunJob(t.Context())
			require.NoError(t, err)
			assert.Equal(t, done < 2, ran)
		}
	})
	p.run("FunctionTest/test_global", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", "function f() { }")
		assert.True(t, f.Runtime().Global().IsObject())
		assertGlobalStays96(t, f.Runtime())
	})
}

func (p *pr96) javascriptFeatures() {
	p.run("JavascriptFeatures/test_unicode_strings", func(t *testing.T, rt *qjswasm.Runtime) {
		identity := function96(t, rt, "identity", "function identity(x) { return x; }")
		for _, x := range []string{"äpple", "≤≥", "☺", "🙂", "a\x00b"} {
			assert.Equal(t, x, call96(t, identity, x))
			assert.Equal(t, x, eval96(t, rt, `(function () { return "`+x+`"; })()`))
		}
	})
	p.run("JavascriptFeatures/test_es2020_optional_chaining", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", "function f(x) { return x?.one?.two; }")
		assert.Nil(t, call96(t, f, map[string]any{}))
		assert.Nil(t, call96(t, f, map[string]any{"one": 12}))
		assert.Equal(t, int64(42), call96(t, f, map[string]any{"one": map[string]any{"two": 42}}))
	})
	p.run("JavascriptFeatures/test_es2020_null_coalescing", func(t *testing.T, rt *qjswasm.Runtime) {
		f := function96(t, rt, "f", "function f(x) { return x ?? 42; }")
		assert.Equal(t, "", call96(t, f, ""))
		assert.Equal(t, int64(0), call96(t, f, 0))
		assert.Equal(t, int64(11), call96(t, f, 11))
		assert.Equal(t, int64(42), call96(t, f, nil))
		assert.Equal(t, int64(42), call96(t, f, qjswasm.Undefined))
	})
	p.run("JavascriptFeatures/test_symbol_conversion", func(t *testing.T, rt *qjswasm.Runtime) {
		a := value96(t, rt, "a = Symbol()")
		assert.True(t, a.IsSymbol())
		require.NoError(t, rt.Set("b", a))
		assert.Equal(t, true, eval96(t, rt, "a === b"))
	})
	p.run("JavascriptFeatures/test_large_python_integers_to_quickjs", func(t *testing.T, rt *qjswasm.Runtime) {
		// A big.Int is exact; who wants a number passes a float64.
		require.NoError(t, rt.Set("v", new(big.Int).Exp(big.NewInt(10), big.NewInt(25), nil)))
		assert.Equal(t, true, eval96(t, rt, "v === 10n ** 25n"))
		require.NoError(t, rt.Set("v", 1e25))
		assert.Equal(t, true, eval96(t, rt, "v === 1e25"))
	})
	p.run("JavascriptFeatures/test_bigint", func(t *testing.T, rt *qjswasm.Runtime) {
		x := new(big.Int).Exp(big.NewInt(10), big.NewInt(100), nil)
		for _, x := range []*big.Int{x, new(big.Int).Neg(x)} {
			got := eval96(t, rt, "BigInt('"+x.String()+"')")
			require.IsType(t, x, got)
			assert.Zero(t, x.Cmp(got.(*big.Int)))
		}
	})
}

// pool96 runs n calls on goroutines of their own and returns their results.
func pool96(n int, call func(i int) (float64, error)) ([]float64, []error) {
	sums, errs := make([]float64, n), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { sums[i], errs[i] = call(i) })
	}
	all.Wait()
	return sums, errs
}

func (p *pr96) threads() {
	data := make([]float64, 1000)
	want := 0.0
	for i := range data {
		data[i] = float64(i)
		want += float64(i)
	}
	type jsSum = func(context.Context, []float64) (float64, error)
	newSum := func(t *testing.T, rt *qjswasm.Runtime) jsSum {
		sum, err := qjswasm.As[jsSum](function96(t, rt, "sum", sum96))
		require.NoError(t, err)
		return sum
	}
	// The original runs everything on one thread of its own. A runtime here can
	// be used from any goroutine, but by one at a time: a mutex is the executor.
	p.run("Threads/test_concurrent", func(t *testing.T, rt *qjswasm.Runtime) {
		sum := newSum(t, rt)
		var mu sync.Mutex
		sums, errs := pool96(10, func(int) (float64, error) {
			mu.Lock()
			defer mu.Unlock()
			return sum(t.Context(), data)
		})
		for i := range sums {
			assert.NoError(t, errs[i])
			assert.Equal(t, want, sums[i])
		}
		// Without one it is an error, and nothing worse.
		sums, errs = pool96(10, func(int) (float64, error) { return sum(t.Context(), data) })
		for i := range sums {
			if errs[i] == nil {
				assert.Equal(t, want, sums[i])
			} else {
				assert.ErrorIs(t, errs[i], qjswasm.ErrConcurrentUse)
			}
		}
		got, err := sum(t.Context(), data)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	})
	p.run("Threads/test_concurrent_own_executor", func(t *testing.T, rt *qjswasm.Runtime) {
		functions := [2]jsSum{newSum(t, rt), newSum(t, newRuntime96(t, nil))}
		var executors [2]sync.Mutex
		sums, errs := pool96(20, func(i int) (float64, error) {
			executors[i%2].Lock()
			defer executors[i%2].Unlock()
			return functions[i%2](t.Context(), data)
		})
		for i := range sums {
			assert.NoError(t, errs[i])
			assert.Equal(t, want, sums[i])
		}
	})
}

// qjs96 has a runtime that was made in another frame, on another stack.
type qjs96 struct{ interp *qjswasm.Runtime }

func newQJS96(t *testing.T) *qjs96 {
	made := make(chan *qjs96)
	go func() {
		rt, err := qjswasm.New(t.Context(), nil)
		if assert.NoError(t, err) {
			_, err = rt.Eval(t.Context(), `var foo = "bar";`)
			assert.NoError(t, err)
		}
		made <- &qjs96{interp: rt}
	}()
	return <-made
}

func (p *pr96) contextInClass() {
	p.run("QuickJSContextInClass/test_github_issue_7", func(t *testing.T, _ *qjswasm.Runtime) {
		qjs := newQJS96(t)
		assert.Equal(t, int64(4), eval96(t, qjs.interp, "2+2"))
		assert.Equal(t, "bar", eval96(t, qjs.interp, "foo"))
		require.NoError(t, qjs.interp.Close())
	})
}
