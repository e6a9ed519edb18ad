package qjswasm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// atDepth is a script that runs body a thousand and a half calls deep, on the
// tenth of the native stacks that the recursion takes.
func atDepth(body string) string {
	return "(function f(n) { if (n > 0) return f(n - 1); " + body + " })(1500)"
}

// What ends a script ends it as well far down in a recursion, with everything
// unwound.
func TestEndsFarDown(t *testing.T) {
	works := func(t *testing.T, rt *qjswasm.Runtime) {
		t.Helper()
		assert.Equal(t, 3, evalTo[int](t, rt, atDepth("return 1 + 2")))
	}
	t.Run("interruption", func(t *testing.T) {
		rt := newRuntime(t, nil)
		ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		_, err := rt.Eval(ctx, atDepth("for (;;);"))
		require.ErrorIs(t, err, qjswasm.ErrInterrupted)
		works(t, rt)
	})
	t.Run("memory", func(t *testing.T) {
		rt := newRuntime(t, &qjswasm.Options{MemoryLimit: 16 << 20})
		_, err := rt.Eval(ctx, atDepth("for (let a = [];;) a.push({});"))
		require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
		works(t, rt)
	})
	t.Run("exception", func(t *testing.T) {
		rt := newRuntime(t, nil)
		_, err := rt.Eval(ctx, atDepth("null.x"))
		var js *qjswasm.Error
		require.ErrorAs(t, err, &js)
		assert.Equal(t, "TypeError", js.Name)
		works(t, rt)
	})
	t.Run("panic", func(t *testing.T) {
		rt := newRuntime(t, nil)
		require.NoError(t, rt.Set("oops", func() { panic("oops") }))
		assert.PanicsWithValue(t, "oops", func() { _, _ = rt.Eval(ctx, atDepth("oops()")) })
		works(t, rt)
	})
	t.Run("Goexit", func(t *testing.T) {
		rt := newRuntime(t, nil)
		require.NoError(t, rt.Set("goexit", goexit))
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = rt.Eval(ctx, atDepth("goexit()"))
		}()
		<-done
		_, err := rt.Eval(ctx, "1")
		require.ErrorIs(t, err, qjswasm.ErrDead)
	})
	t.Run("entry", func(t *testing.T) {
		rt := newRuntime(t, nil)
		require.NoError(t, rt.Set("enter", func(ctx context.Context) (int, error) {
			return qjswasm.Eval[int](ctx, rt, atDepth("return 3"))
		}))
		assert.Equal(t, 3, evalTo[int](t, rt, strings.Replace(atDepth("return enter()"), "1500", "500", 1)))
		works(t, rt)
	})
}

// A value survives the way down and back up, whatever calls.
func TestCallsAcrossSegments(t *testing.T) {
	rt := newRuntime(t, nil)
	for name, code := range map[string]string{
		"function":    "(function f(n, a, b) { return n ? f(n - 1, a, b) : a + b.length })",
		"rest":        "(function f(n, ...a) { return n ? f(n - 1, ...a) : a.length })",
		"receiver":    "(function f(n, a, b) { return n ? f.call(this, n - 1, a, b) : this.valueOf() + b.length })",
		"generator":   "(function* g(n, a, b) { if (n) yield* g(n - 1, a, b); else yield a + b.length })",
		"bound":       "(function f(n, a, b) { return n ? f.bind(this, n - 1, a)(b) : a + b.length })",
		"constructor": "(n, a, b) => new (class C { constructor(n) { this.v = n ? new C(n - 1).v : a + b.length } })(n).v",
		"apply":       "(function f(n, a, b) { return n ? Reflect.apply(f, this, [n - 1, a, b]) : a + b.length })",
		"sort":        "(function f(n, a, b) { let r; return n ? ([2, 1].sort(() => { r = f(n - 1, a, b); return 0 }), r) : a + b.length })",
		"getter":      "(n, a, b) => { const o = {get x() { return n-- ? this.x : a + b.length }}; return o.x }",
		"proxy":       "(n, a, b) => { const p = new Proxy({}, {get: () => n-- ? p.x : a + b.length}); return p.x }",
		"toJSON":      "(n, a, b) => { const o = {toJSON: () => n-- ? JSON.parse(JSON.stringify(o)) : a + b.length}; return JSON.parse(JSON.stringify(o)) }",
		"replace":     "(n, a, b) => { const f = () => n-- ? 'x'.replace(/x/, f) : a + b.length; return +f() }",
	} {
		t.Run(name, func(t *testing.T) {
			code = "{ const f = " + code + ", r = f.call(1, 300, 1, 'b'); r.next ? r.next().value : r }"
			assert.Equal(t, 2, evalTo[int](t, rt, code))
		})
	}
	for name, code := range map[string]string{
		"JSON.parse":     "JSON.stringify(JSON.parse('['.repeat(1000) + ']'.repeat(1000))).length",
		"reviver":        "JSON.stringify(JSON.parse('['.repeat(1000) + ']'.repeat(1000), (k, v) => v)).length",
		"flat":           "{ let a = [2000]; for (let i = 0; i < 3000; i++) a = [a]; a.flat(Infinity)[0] }",
		"source":         "eval('('.repeat(700) + 2000 + ')'.repeat(700))",
		"statements":     "eval('{'.repeat(500) + '2000' + '}'.repeat(500))",
		"regexp":         "new RegExp('('.repeat(200) + 'a' + ')'.repeat(200)).exec('a').length + 1799",
		"unary":          "eval('- +'.repeat(700) + '2000')",
		"iteratorHelper": "{ let i = [2000].values(); for (let n = 0; n < 2000; n++) i = i.take(1); i.next().value }",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, 2000, evalTo[int](t, rt, code)) })
	}
	t.Run("conversion", func(t *testing.T) {
		v := eval(t, rt, "{ let a = []; for (let i = 0; i < 1500; i++) a = [a]; a }")
		defer v.Close()
		x, err := qjswasm.As[any](v)
		require.NoError(t, err)
		require.NoError(t, rt.Set("deep", x))
		assert.Equal(t, 1501, evalTo[int](t, rt, "{ let n = 0; for (let a = deep; a; a = a[0]) n++; n }"))
	})
}
