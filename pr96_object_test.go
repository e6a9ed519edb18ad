package qjswasm_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

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
		_, err := f.Call(t.Context(), nil, make(chan<- int))
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
