package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type codeError struct{ Code int }

func (e *codeError) Error() string { return fmt.Sprintf("code %d", e.Code) }

// A Go error goes Go → JS → Go → JS → Go and is still itself, although JS
// catches and throws it on the way.
func TestGoErrorRoundTrip(t *testing.T) {
	rt := newRuntime(t, nil)
	cause := &codeError{Code: 7}
	fail := fmt.Errorf("opening: %w", errors.Join(cause, fs.ErrNotExist))
	require.NoError(t, rt.Set("inner", func() error { return fail }))
	require.NoError(t, rt.Set("middle", func(ctx context.Context) error {
		_, err := rt.Eval(ctx, "try { inner() } catch (e) { throw e }")
		return err
	}))
	_, err := rt.Eval(ctx, "(function outer() { try { middle() } catch (e) { throw e } })()")

	require.Error(t, err)
	assert.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorIs(t, err, cause)
	var code *codeError
	require.ErrorAs(t, err, &code)
	assert.Same(t, cause, code)
	var js *qjswasm.Error
	require.ErrorAs(t, err, &js)
	assert.Equal(t, "Error", js.Name)
	assert.Equal(t, fail.Error(), js.Message)
}

// What a script sees of a Go error is an Error with its message.
func TestGoErrorInScript(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("fail", func() error { return &codeError{Code: 3} }))
	assert.Equal(t, "true|Error|code 3|message,stack", evalTo[string](t, rt, `
		try { fail() } catch (e) {
			globalThis.kept = e;
			[e instanceof Error, e.name, e.message, [...Reflect.ownKeys(e), "stack"].join()].join("|")
		}`))
	assert.Equal(t, "{}", evalTo[string](t, rt, "JSON.stringify(kept)"))
	// The link is to the object: copies and look-alikes have none.
	for _, code := range []string{
		"throw Object.assign(new Error(kept.message), kept)",
		"throw Object.create(kept)",
		"throw new Proxy(kept, {})",
		"throw {...kept, name: 'Error', message: kept.message}",
		"throw structured()",
	} {
		require.NoError(t, rt.Set("structured", func() (any, error) { return nil, nil }))
		_, err := rt.Eval(ctx, code)
		require.Error(t, err, code)
		var c *codeError
		assert.False(t, errors.As(err, &c), code)
	}
	_, err := rt.Eval(ctx, "throw kept")
	var c *codeError
	require.ErrorAs(t, err, &c)
	// It goes with the error object.
	before := rt.Stats().Callables
	eval(t, rt, "delete globalThis.kept")
	err = nil
	assert.Less(t, collect(t, rt).Callables, before)
}

// A JS error that passes through Go is the same object afterwards.
func TestJSErrorIdentity(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("pass", func(f *qjswasm.Value) error {
		_, err := f.Call(ctx, nil)
		return err
	}))
	require.NoError(t, rt.Set("wrap", func(f *qjswasm.Value) error {
		_, err := f.Call(ctx, nil)
		return fmt.Errorf("wrapped: %w", err)
	}))
	assert.True(t, evalTo[bool](t, rt, `
		const e = new RangeError("mine");
		try { pass(() => { throw e }) } catch (x) { x === e }`))
	assert.Equal(t, int64(5), eval(t, rt, "try { pass(() => { throw 5 }) } catch (x) { x }").Int64())
	assert.Equal(t, "wrapped: RangeError: mine|true", evalTo[string](t, rt, `
		try { wrap(() => { throw e }) } catch (x) { x.message + "|" + (x.cause === e) }`))
}

func TestErrorDetails(t *testing.T) {
	rt := newRuntime(t, nil)
	for code, want := range map[string]string{
		"null.x":                    "TypeError: cannot read property 'x' of null",
		"x":                         "ReferenceError: x is not defined",
		"throw new RangeError('r')": "RangeError: r",
		"class E extends Error { constructor(m) { super(m); this.name = 'E' } }; throw new E('m')": "E: m",
		"throw new Error()":                   "Error",
		"throw 'text'":                        "qjswasm: thrown: text",
		"throw 42":                            "qjswasm: thrown: 42",
		"throw null":                          "qjswasm: thrown: null",
		"throw undefined":                     "qjswasm: thrown: undefined",
		"throw {a: [1, {b: 2}]}":              "qjswasm: thrown: { a: [ 1, [Object] ] }",
		"throw Symbol('s')":                   "qjswasm: thrown: Symbol(s)",
		"throw 10n ** 30n":                    "qjswasm: thrown: 1000000000000000000000000000000n",
		"throw new Proxy(new Error('x'), {})": "",
		"throw Object.defineProperty(new Error('m'), 'name', { get() { while (true); } })": "Error: m",
		"throw Object.defineProperty(new Error('m'), 'message', { get() { throw 1 } })":    "Error",
	} {
		_, err := rt.Eval(ctx, code)
		require.Error(t, err, code)
		if want != "" {
			assert.Equal(t, want, err.Error(), code)
		}
	}
	v := func(code string) *qjswasm.Error {
		_, err := rt.Eval(ctx, code)
		var e *qjswasm.Error
		require.ErrorAs(t, err, &e)
		return e
	}
	assert.True(t, v("throw null").Value().IsNull())
	assert.Equal(t, int64(42), v("throw 42").Value().Int64())
	assert.Equal(t, int64(9), must(v("throw {a: 9}").Value().Get("a")).Int64())
}

func TestErrorCauses(t *testing.T) {
	rt := newRuntime(t, nil)
	root := &codeError{Code: 1}
	require.NoError(t, rt.Set("fail", func() error { return root }))
	_, err := rt.Eval(ctx, `try { fail() } catch (e) { throw new TypeError("outer", { cause: new Error("middle", { cause: e }) }) }`)
	assert.ErrorIs(t, err, root)
	assert.Equal(t, "TypeError: outer", err.Error())
	_, err = rt.Eval(ctx, `const a = new Error("a"); a.cause = a; throw a`)
	assert.Equal(t, "Error: a", err.Error(), "a cycle of causes is cut")
}

func TestSyntaxErrorPosition(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, module := range []bool{false, true} {
		_, err := rt.EvalSource(ctx, qjswasm.Source{Name: "dir/bad.js", Code: "let ok = 1;\nlet x = = 2;\n", Module: module})
		var e *qjswasm.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "SyntaxError", e.Name)
		require.NotEmpty(t, e.Frames)
		assert.Equal(t, qjswasm.Frame{File: "dir/bad.js", Line: 2, Column: 9}, e.Frames[0])
	}
}

// A panic comes out of the outermost call with its value, through three levels
// of JS and Go, and the runtime goes on working.
func TestPanicCrossesIntact(t *testing.T) {
	rt := newRuntime(t, nil)
	type mine struct{ n int }
	value := &mine{n: 3}
	var unwound []int
	require.NoError(t, rt.Set("down", func(c *qjswasm.Call) (any, error) {
		level := int(c.Arg(0).Int64())
		if level == 3 {
			panic(value)
		}
		defer func() { unwound = append(unwound, level) }()
		return rt.Eval(c.Context(), fmt.Sprintf("try { down(%d) } catch (e) { 'caught' } finally { globalThis.ran = true }", level+1))
	}))
	require.NoError(t, rt.Set("ran", false))
	require.PanicsWithValue(t, value, func() { _, _ = rt.Eval(ctx, "try { down(1) } catch (e) { 'caught' }") })
	assert.Equal(t, []int{2, 1}, unwound)
	assert.False(t, evalTo[bool](t, rt, "ran"), "no script handler runs while a panic passes")
	requireUsable(t, rt)

	// A callback may recover what a deeper one panicked with.
	require.NoError(t, rt.Set("safe", func(c *qjswasm.Call) (v any, err error) {
		defer func() { v = fmt.Sprint("recovered ", recover().(*mine).n) }()
		return rt.Eval(c.Context(), "down(3)")
	}))
	assert.Equal(t, "recovered 3", evalTo[string](t, rt, "safe()"))

	var nilMap map[string]int
	require.NoError(t, rt.Set("broken", func() { nilMap["x"] = 1 }))
	assert.Panics(t, func() { _, _ = rt.Eval(ctx, "broken()") })
	requireUsable(t, rt)

	for _, code := range []string{
		"new Promise(() => down(3))",
		"[1].map(() => down(3))",
		"({ get x() { down(3) } }).x",
		"`${{ toString() { down(3) } }}`",
		"JSON.stringify({ toJSON() { down(3) } })",
		"[3, 1, 2].sort(() => down(3))",
		"for (const x of { [Symbol.iterator]() { return { next() { down(3) }, return() { globalThis.ran = true } } } });",
		"'x'.replace(/x/, () => down(3))",
		"new Proxy({}, { get() { down(3) } }).x",
		"class A { static { down(3) } }",
	} {
		assert.PanicsWithValue(t, value, func() { _, _ = rt.Eval(ctx, code) }, code)
		requireUsable(t, rt)
	}
	eval(t, rt, "(async () => { await 1; down(3) })()")
	assert.PanicsWithValue(t, value, func() { _, _ = rt.RunJobs(ctx) })
	requireUsable(t, rt)
}

// runtime.Goexit in a callback, which is what a failing require does on the
// test's goroutine, ends the goroutine and leaves a dead runtime behind; nothing
// hangs and other runtimes do not notice.
func TestGoexitInCallback(t *testing.T) {
	for _, depth := range []int{1, 3} {
		rt, err := qjswasm.New(ctx, nil)
		require.NoError(t, err)
		require.NoError(t, rt.Set("down", func(c *qjswasm.Call) (any, error) {
			if level := int(c.Arg(0).Int64()); level < depth {
				return rt.Eval(c.Context(), fmt.Sprintf("down(%d)", level+1))
			}
			goexit()
			return nil, nil
		}))
		deferred := false
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer func() { deferred = true }()
			_, _ = rt.Eval(ctx, "down(1)")
			t.Error("Eval returned")
		}()
		<-done
		assert.True(t, deferred)
		_, err = rt.Eval(ctx, "1")
		require.ErrorIs(t, err, qjswasm.ErrDead)
		require.NoError(t, rt.Close())
		requireUsable(t, newRuntime(t, nil))
	}
}
