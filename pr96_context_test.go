package qjswasm_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

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
