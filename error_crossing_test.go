package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// newErrorRuntime has functions that fail with err, in several ways.
func newErrorRuntime(t *testing.T, err error) *qjswasm.Runtime {
	t.Helper()
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("fail", func() error { return err }))
	require.NoError(t, rt.Set("give", func() any { return err }))
	require.NoError(t, rt.Set("call", func(f *qjswasm.Value) error { _, err := f.Call(ctx, nil); return err }))
	require.NoError(t, rt.Set("wrap", func(f *qjswasm.Value) error {
		_, err := f.Call(ctx, nil)
		return fmt.Errorf("wrapped: %w", err)
	}))
	require.NoError(t, rt.Set("join", func(f *qjswasm.Value) error {
		_, err := f.Call(ctx, nil)
		return errors.Join(fs.ErrExist, err)
	}))
	require.NoError(t, rt.Set("typed", func(f func() (int, error)) (int, error) { return f() }))
	require.NoError(t, rt.Set("nested", func(code string) (*qjswasm.Value, error) { return rt.Eval(ctx, code) }))
	require.NoError(t, rt.Set("pass", func(e error) error { return e }))
	async, aerr := rt.NewFunc("later", func() (int, error) { return 0, err }, qjswasm.Async())
	require.NoError(t, aerr)
	require.NoError(t, rt.Set("later", async))
	return rt
}

// The Go error inside a JS Error is found by errors.As and errors.Is, whatever
// the script does with the Error.
func TestGoErrorCrossings(t *testing.T) {
	cause := &codeError{Code: 7}
	rt := newErrorRuntime(t, fmt.Errorf("opening: %w", cause))
	for _, code := range []string{
		"fail()",
		"throw give()",
		"try { fail() } catch (e) { throw e }",
		"try { fail() } catch (e) { throw e.cause }",
		"try { fail() } catch (e) { throw new Error('x', { cause: e }) }",
		"try { fail() } catch (e) { throw new TypeError('x', { cause: new Error('y', { cause: e.cause }) }) }",
		"try { fail() } catch (e) { class Mine extends Error { cause = e }; throw new Mine('z') }",
		"try { fail() } catch (e) { throw new AggregateError([1, new Error('x'), e]) }",
		"try { fail() } catch (e) { throw new AggregateError(Object.freeze([new AggregateError([e])])) }",
		"try { fail() } catch (e) { throw Object.freeze(new AggregateError([], '', { cause: e })) }",
		"try { fail() } catch (e) { throw new SuppressedError(new Error('x'), e) }",
		"try { fail() } catch (e) { const x = new RangeError('r'); x.cause = e; throw x }",
		"try { fail() } catch (e) { e.cause.cause = 5; throw e }",
		"try { fail() } catch (e) { delete e.cause; throw e }",
		"try { fail() } catch (e) { e.name = 'Other'; e.message = ''; throw e }",
		"try { fail() } catch (e) { Object.setPrototypeOf(e, null); throw e }",
		"try { fail() } catch (e) { throw pass(e) }",
		"try { fail() } catch (e) { pass(e) }",
		"try { fail() } catch (e) { pass(pass === 1 || new Error('x', { cause: e })) }",
		"call(() => fail())",
		"call(() => call(() => call(fail)))",
		"wrap(fail)",
		"wrap(() => wrap(() => wrap(fail)))",
		"join(fail)",
		"join(() => join(() => wrap(fail)))",
		"try { join(fail) } catch (e) { throw e.errors[1] }",
		"try { wrap(() => wrap(fail)) } catch (e) { throw e.cause.cause }",
		"try { wrap(fail) } catch (e) { throw new Error('x', { cause: new AggregateError([e]) }) }",
		"typed(() => fail())",
		"typed(() => typed(() => { throw new Error('x', { cause: give() }) }))",
		"nested('fail()')",
		"nested('try { nested(`fail()`) } catch (e) { throw new Error(1, { cause: e }) }')",
		"[1].map(fail)",
		"new (class { constructor() { fail() } })",
		"({ get x() { fail() } }).x",
		"(function* () { fail() })().next()",
		"JSON.stringify({ toJSON: fail })",
		"new Promise(fail)",
		"Promise.reject(give())",
		"(async () => fail())()",
		"(async () => { await 1; try { await (async () => fail())() } catch (e) { throw new Error('x', { cause: e }) } })()",
		"Promise.any([Promise.reject(1), Promise.reject(give())])",
		"Promise.any([Promise.any([(async () => wrap(fail))()])])",
		"Promise.all([1, (async () => fail())()])",
		"Promise.resolve().then(fail)",
		"Promise.resolve().finally(fail)",
		"Object.defineProperty({}, 'x', { get: fail }).x",
		"later()",
		"(async () => { try { await later() } catch (e) { throw new Error('x', { cause: e }) } })()",
		"(async () => { for await (const x of (async function* () { fail() })()); })()",
		"(async () => { await Promise.any([later(), later()]) })()",
	} {
		v, err := rt.Eval(ctx, code)
		if err == nil {
			_, err = rt.Await(ctx, v)
		}
		require.Error(t, err, code)
		for round := range 3 { // and once more through everything
			assert.ErrorIs(t, err, cause, "%s, round %d", code, round)
			var found *codeError
			if assert.ErrorAs(t, err, &found, code) {
				assert.Same(t, cause, found)
			}
			require.NoError(t, rt.Set("again", func() error { return err }))
			_, err = rt.Eval(ctx, "try { again() } catch (e) { throw new Error('again', { cause: e }) }")
		}
	}
}

// What scripts see of a chain of Go errors.
func TestGoErrorChainInScript(t *testing.T) {
	secret := &hidingError{errors.New("password is hunter2")}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"plain":           {errors.New("a"), "Error: a"},
		"wrapped":         {fmt.Errorf("a: %w", fmt.Errorf("b: %w", errors.New("c"))), "Error: a: b: c {Error: b: c {Error: c}}"},
		"joined":          {errors.Join(errors.New("a"), fmt.Errorf("b: %w", errors.New("c"))), "AggregateError: a\nb: c [Error: a, Error: b: c {Error: c}]"},
		"two":             {fmt.Errorf("%w and %w", errors.New("a"), errors.New("b")), "AggregateError: a and b [Error: a, Error: b]"},
		"joined wrapped":  {fmt.Errorf("w: %w", errors.Join(errors.New("a"))), "Error: w: a {AggregateError: a [Error: a]}"},
		"hidden":          {secret, "Error: internal error"},
		"hidden inside":   {fmt.Errorf("x: %w", secret), "Error: x: internal error {Error: internal error}"},
		"hidden joined":   {errors.Join(errors.New("a"), secret), "AggregateError: a\ninternal error [Error: a, Error: internal error]"},
		"canceled":        {fmt.Errorf("get: %w", context.Canceled), "AbortError: get: context canceled {AbortError: context canceled}"},
		"deadline":        {context.DeadlineExceeded, "TimeoutError: context deadline exceeded"},
		"named":           {&namedError{"NotFoundError"}, "NotFoundError: named"},
		"named wrapped":   {fmt.Errorf("x: %w", &namedError{"RangeError"}), "RangeError: x: named {RangeError: named}"},
		"unnamed":         {&namedError{""}, "Error: named"},
		"made":            {&qjswasm.Error{Name: "SyntaxError", Message: "m"}, "SyntaxError: m"},
		"made unknown":    {&qjswasm.Error{Name: "HTTPError", Message: "m"}, "HTTPError: m"},
		"made wrapped":    {fmt.Errorf("x: %w", &qjswasm.Error{Name: "TypeError", Message: "m"}), "Error: x: TypeError: m {TypeError: m}"},
		"made unnamed":    {&qjswasm.Error{Message: "m"}, "Error: thrown: m"},
		"made aggregate":  {&qjswasm.Error{Name: "AggregateError", Message: "m"}, "AggregateError: m []"},
		"convert":         {&qjswasm.ConvertError{From: "a", To: "b", Err: errors.New("why")}, "TypeError: cannot convert a to b: why"},
		"memory":          {fmt.Errorf("x: %w", qjswasm.ErrMemoryLimit), "InternalError: x: qjswasm: memory limit exceeded {InternalError: memory limit exceeded}"},
		"interrupted":     {qjswasm.ErrInterrupted, "Error: interrupted"},
		"invalid text":    {errors.New("a\xffb"), "Error: a\ufffdb"},
		"empty":           {errors.New(""), "Error: "},
		"nil in the list": {listError{nil, errors.New("a")}, "AggregateError: list of a [Error: a]"},
		"nil cause":       {&hidingError{}, "Error: internal error"},
	} {
		t.Run(name, func(t *testing.T) {
			rt := newErrorRuntime(t, c.err)
			assert.Equal(t, c.want, evalTo[string](t, rt, `
				const show = e => e.name + ": " + e.message +
					("cause" in e ? " {" + show(e.cause) + "}" : "") + ("errors" in e ? " [" + e.errors.map(show).join(", ") + "]" : "");
				try { fail() } catch (e) { globalThis.e = e; show(e) }`))
			assert.Equal(t, "true|true|{}", evalTo[string](t, rt, `
				[e instanceof (globalThis[e.name] ?? Error), e.stack.includes("fail"), JSON.stringify(e)].join("|")`))
		})
	}
}

// hidingError does not tell what it wraps.
type hidingError struct{ err error }

func (e *hidingError) Error() string { return "internal error" }
func (e *hidingError) Unwrap() error { return e.err }

type namedError struct{ name string }

func (e *namedError) Error() string  { return "named" }
func (e *namedError) JSName() string { return e.name }

type listError []error

func (e listError) Error() string   { return "list of a" }
func (e listError) Unwrap() []error { return e }

// However deep a Go error is, what becomes of it in JS is bounded.
func TestGoErrorTreeIsBounded(t *testing.T) {
	chain := errors.New("x")
	for range 500 {
		chain = fmt.Errorf("w: %w", chain)
	}
	rt := newErrorRuntime(t, chain)
	assert.Equal(t, int64(17), eval(t, rt, "let n = 0; try { fail() } catch (e) { for (; e; e = e.cause) n++ }; n").Int64())
	var many []error
	for range 900 {
		many = append(many, errors.New("m"))
	}
	rt = newErrorRuntime(t, errors.Join(many...))
	assert.Equal(t, int64(100), eval(t, rt, "try { fail() } catch (e) { e.errors.length }").Int64())
	_, err := rt.Eval(ctx, "fail()")
	var js *qjswasm.Error
	require.ErrorAs(t, err, &js)
	assert.Len(t, js.Errors(), 900, "Go sees all")

	loop := &hidingError{}
	loop.err = loop
	for _, err := range []error{loop, errors.Join(append(many, many...)...)} {
		rt = newErrorRuntime(t, err)
		_, err := rt.Eval(ctx, "fail()")
		assert.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	}
	requireUsable(t, rt)
}

// Causes, members and classes of JS errors, in Go.
func TestErrorTrees(t *testing.T) {
	rt := newRuntime(t, nil)
	for code, want := range map[string]string{
		"throw new Error('a', { cause: new TypeError('b', { cause: new RangeError('c') }) })":                   "Error: a {TypeError: b {RangeError: c}}",
		"throw new Error('a', { cause: 5 })":                                                                    "Error: a {5}",
		"throw new Error('a', { cause: null })":                                                                 "Error: a {null}",
		"throw new Error('a', { cause: undefined })":                                                            "Error: a",
		"throw new Error('a', { cause: { b: 1 } })":                                                             "Error: a {[object Object]}",
		"throw new Error('a', { cause: 'text' })":                                                               "Error: a {text}",
		"throw new AggregateError([new Error('a'), 5, null], 'm')":                                              "AggregateError: m [Error: a, qjswasm: thrown: 5, qjswasm: thrown: null]",
		"throw new AggregateError([])":                                                                          "AggregateError",
		"throw new AggregateError([new AggregateError([new Error('x')])])":                                      "AggregateError [AggregateError [Error: x]]",
		"const a = new AggregateError([1]); a.errors.push(a, new Error('x', { cause: a })); throw a":            "AggregateError [qjswasm: thrown: 1, Error: x {[object Error]}]",
		"const c = new Error('a'); c.cause = new Error('b', { cause: c }); throw c":                             "Error: a {Error: b {[object Error]}}",
		"const d = new Error('a'); d.cause = d; throw d":                                                        "Error: a {[object Error]}",
		"const e = new Error('e'); throw new AggregateError([e, e], 'm', { cause: e })":                         "AggregateError: m {Error: e} [Error: e, Error: e]",
		"const f = new AggregateError([1]); f.errors = 5; throw f":                                              "AggregateError",
		"const g = new AggregateError([1]); g.errors = new Proxy([1], {}); throw g":                             "AggregateError",
		"const h = new AggregateError([1]); Object.defineProperty(h, 'errors', { get() { throw 1 } }); throw h": "AggregateError",
		"const i = new Error('i'); Object.defineProperty(i, 'cause', { get() { while (true); } }); throw i":     "Error: i",
		"const k = new Error('k', { cause: new Proxy(new Error('p'), {}) }); throw k":                           "Error: k {[object Proxy]}",
		"class MyError extends Error {}; throw new MyError('m')":                                                "MyError: m",
		"class NamedError extends Error { get name() { return 'getter' } }; throw new NamedError('m')":          "NamedError: m",
		"class Own extends RangeError { name = 'Field' }; throw new Own('m')":                                   "Field: m",
		"class Sub extends (class Base extends TypeError {}) {}; throw new Sub('m')":                            "Sub: m",
		"throw new (class extends TypeError {})('m')":                                                           "TypeError: m",
		"class Proto extends Error {}; Proto.prototype.name = 'OnProto'; throw new Proto('m')":                  "OnProto: m",
		"function Old(m) { const e = new Error(m); Object.setPrototypeOf(e, Old.prototype); return e }; Old.prototype = Object.create(Error.prototype, { constructor: { value: Old } }); throw new Old('m')": "Old: m",
		"const l = new Error('m'); Object.setPrototypeOf(l, null); throw l":                                 "Error: m",
		"const m = new Error('m'); Object.setPrototypeOf(m, new Proxy({}, { get() { throw 1 } })); throw m": "Error: m",
		"const n = new Error('m'); n.name = 'AbortError'; throw n":                                          "AbortError: m",
		"throw new DOMException('m', 'NotFoundError')":                                                      "NotFoundError: m",
		"throw new SuppressedError(new Error('a'), new Error('b'), 'm')":                                    "SuppressedError: m [Error: a, Error: b]",
		"Object.defineProperty(Error.prototype, 'stack', { get() { throw 1 } }); throw new Error('s')":      "Error: s",
		"throw Object.freeze(new AggregateError([Object.freeze(new Error('a'))], 'f'))":                     "AggregateError: f [Error: a]",
	} {
		_, err := rt.Eval(ctx, code)
		assert.Equal(t, want, showTree(err), code)
	}
	_, err := rt.Eval(ctx, "throw new Error('x', { cause: { code: 42 } })")
	var e *qjswasm.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, int64(42), must(e.Cause().Get("code")).Int64())
	assert.Empty(t, e.Unwrap(), "what is no Error is not unwrapped")
	_, err = rt.Eval(ctx, "const loop = new Error('x'); loop.cause = loop; loop.code = 3; throw loop")
	require.ErrorAs(t, err, &e)
	assert.Equal(t, int64(3), must(e.Cause().Get("code")).Int64())
	v := eval(t, rt, "new DOMException('m', 'AbortError')")
	assert.True(t, v.IsError())
	assert.EqualError(t, must(v.Export()).(error), "AbortError: m")
	_, err = rt.Await(ctx, eval(t, rt, "Promise.any([Promise.reject(new RangeError('r')), Promise.reject(2)])"))
	require.ErrorAs(t, err, &e)
	require.Len(t, e.Errors(), 2)
	assert.EqualError(t, e.Errors()[0], "RangeError: r")
	assert.ErrorIs(t, err, e.Errors()[1])
}

// showTree writes an error with its causes and members.
func showTree(err error) string {
	var e *qjswasm.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	s := e.Error()
	if c := e.Cause(); c != nil {
		inner := c.String()
		for _, w := range e.Unwrap() {
			if js, ok := w.(*qjswasm.Error); ok && js.Value() == c {
				inner = showTree(js)
			}
		}
		s += " {" + inner + "}"
	}
	if members := e.Errors(); len(members) > 0 {
		var all []string
		for _, m := range members {
			all = append(all, showTree(m))
		}
		s += " [" + strings.Join(all, ", ") + "]"
	}
	return s
}

// Whatever a script makes of causes and members, describing it takes bounded time
// and memory, and leaves nothing behind.
func TestErrorTreesAreBounded(t *testing.T) {
	for name, code := range map[string]string{
		"causes":         "let e; for (let i = 0; i < 1e5; i++) e = new Error(i, { cause: e }); throw e",
		"members":        "throw new AggregateError(Array.from({ length: 1e6 }, (_, i) => i & 127 ? i : new Error(i)))",
		"same members":   "const e = new Error('m', { cause: new Error('c') }); throw new AggregateError(new Array(1e6).fill(e))",
		"strings":        "const s = 'x'.repeat(1 << 20); throw new AggregateError(new Array(1e5).fill(s))",
		"big integers":   "throw new AggregateError(new Array(1e5).fill(1n << 200000n))",
		"large objects":  "const o = {}; for (let i = 0; i < 1e5; i++) o['k' + i] = i; throw new AggregateError(new Array(1e5).fill(o))",
		"a binary tree":  "let e = new Error('leaf'); for (let i = 0; i < 1000; i++) e = new AggregateError([e, e], '', { cause: e }); throw e",
		"itself":         "const e = new AggregateError([]); for (let i = 0; i < 1e4; i++) e.errors.push(e); throw e",
		"a ring":         "const a = Array.from({ length: 1000 }, () => new AggregateError([])); a.forEach((e, i) => { e.errors.push(a[(i + 1) % 1000]); e.cause = a[(i + 7) % 1000] }); throw a[0]",
		"a rejection":    "Promise.any(Array.from({ length: 1e4 }, (_, i) => Promise.reject(new Error(i))))",
		"prototypes":     "let p = {}; for (let i = 0; i < 1e5; i++) p = Object.create(p); const e = new Error('x'); Object.setPrototypeOf(e, p); throw new AggregateError(new Array(1000).fill(e))",
		"sparse members": "const e = new AggregateError([]); e.errors = []; e.errors[1e9] = 1; throw e",
	} {
		t.Run(name, func(t *testing.T) {
			rt := newRuntime(t, nil)
			before := rt.Stats()
			begin := time.Now()
			grown := peak(t, func() {
				v, err := rt.Eval(ctx, code)
				if err == nil {
					_, err = rt.Await(ctx, v)
				}
				require.Error(t, err)
				n := 0
				for range allErrors(err) {
					n++
				}
				assert.LessOrEqual(t, n, 256)
				assert.Less(t, len(fmt.Sprintf("%+v", err)), 4<<20)
				assert.NotErrorIs(t, err, qjswasm.ErrMemoryLimit)
				assert.NotErrorIs(t, err, fs.ErrExist, "the search ends")
			})
			t.Logf("%v, %d KiB", time.Since(begin), grown>>10)
			assert.Less(t, grown, uint64(16<<20))
			requireUsable(t, rt)
			after := collect(t, rt)
			assert.Equal(t, before.Roots, after.Roots)
			assert.Equal(t, before.Callables, after.Callables)
		})
	}
}

// allErrors yields err and all that it wraps.
func allErrors(err error) func(func(error) bool) {
	return func(yield func(error) bool) {
		queue := []error{err}
		for len(queue) > 0 {
			err, queue = queue[0], queue[1:]
			if err == nil {
				continue
			}
			if !yield(err) {
				return
			}
			switch x := err.(type) {
			case interface{ Unwrap() error }:
				queue = append(queue, x.Unwrap())
			case interface{ Unwrap() []error }:
				queue = append(queue, x.Unwrap()...)
			}
		}
	}
}

// Errors that a script catches and drops take nothing, however many there are and
// wherever they went; kept ones count.
func TestErrorsAreReleased(t *testing.T) {
	rt := newErrorRuntime(t, errors.Join(fmt.Errorf("a: %w", &codeError{1}), &codeError{2}))
	before := collect(t, rt)
	eval(t, rt, "for (let i = 0; i < 1000; i++) try { i % 2 ? fail() : wrap(fail) } catch (e) { e.self = e }")
	after := collect(t, rt)
	assert.Equal(t, before.Callables, after.Callables)
	assert.Equal(t, before.Roots, after.Roots)
	eval(t, rt, "globalThis.kept = []; for (let i = 0; i < 100; i++) try { fail() } catch (e) { kept.push(e) }")
	assert.Equal(t, before.Callables+400, collect(t, rt).Callables, "an error and the three inside it")
	eval(t, rt, "kept = kept.map(e => e.errors[0].cause)")
	assert.Equal(t, before.Callables+100, collect(t, rt).Callables)
	eval(t, rt, "kept = null")
	assert.Equal(t, before.Callables, collect(t, rt).Callables)

	limited := newRuntime(t, &qjswasm.Options{HostMemoryLimit: 1 << 20})
	require.NoError(t, limited.Set("fail", func() error {
		return fmt.Errorf("a: %w", errors.New(strings.Repeat("x", 10_000)))
	}))
	eval(t, limited, "globalThis.kept = []; for (let i = 0; i < 1000; i++) try { fail() } catch (e) { kept.push(e.cause) }")
	kept := eval(t, limited, "kept.filter(e => e).length").Int64()
	assert.Greater(t, kept, int64(20))
	assert.Less(t, kept, int64(110), "causes that are kept count by themselves")
	eval(t, limited, "kept = null")
	collect(t, limited)
	assert.True(t, evalTo[bool](t, limited, "try { fail() } catch (e) { e.cause instanceof Error }"))
}
