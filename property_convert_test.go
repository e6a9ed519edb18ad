package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func TestConvertProperty(t *testing.T) {
	rt := newRuntime(t, nil)
	for seed := range seeds(t) {
		g := generator{rand.New(rand.NewPCG(uint64(seed), 0))}
		requireRoundTrip(t, rt, g.typ(4), g)
	}
	assert.Zero(t, rt.Stats().Roots)
}

// requireRoundTrip sends a value of the type through the guest.
func requireRoundTrip(t *testing.T, rt *qjswasm.Runtime, typ reflect.Type, g generator) {
	t.Helper()
	want, got := reflect.New(typ), reflect.New(typ)
	g.value(want.Elem(), g.graph())
	v, err := rt.NewValue(want.Elem().Interface())
	require.NoError(t, err, "%v", typ)
	err = v.ExportTo(got.Interface())
	v.Close()
	require.NoError(t, err, "%v %#v", typ, want.Elem())
	require.True(t, reflect.DeepEqual(want.Interface(), got.Interface()), "%v:\n%#v\n%#v", typ, want.Elem(), got.Elem())
	require.NoError(t, sameShape(want, got, map[[2]any]any{}), "%v", typ)
}

// What converts to a type or does not is never a panic, and keeps no root of what
// did not.
func TestConvertMismatchProperty(t *testing.T) {
	rt := graphRuntime(t)
	create, err := qjswasm.Eval[func(int64) (*qjswasm.Value, error)](ctx, rt, "seed => graph.make(seed)")
	require.NoError(t, err)
	before, cases, fits := collect(t, rt).Roots, 0, 0
	for seed := range seeds(t) {
		cases++
		g := generator{rand.New(rand.NewPCG(uint64(seed), 2))}
		var v *qjswasm.Value
		if seed%2 == 0 {
			v, err = create(seed)
		} else {
			x := reflect.New(g.typ(3))
			g.value(x.Elem(), g.graph())
			v, err = rt.NewValue(x.Interface())
		}
		require.NoError(t, err)
		for range 8 {
			x := reflect.New(g.target(3))
			switch err := v.ExportTo(x.Interface()); {
			case err != nil:
				require.ErrorAs(t, err, new(*qjswasm.ConvertError), "%v", x.Type())
			default:
				fits++
				again, err := rt.NewValue(x.Elem().Interface())
				require.NoError(t, err, "%v", x.Type())
				y := reflect.New(x.Type().Elem())
				require.NoError(t, again.ExportTo(y.Interface()), "%v", x.Type())
				again.Close()
			}
		}
		v.Close()
	}
	if cases >= 100 {
		assert.Greater(t, fits, cases/2, "what fits, of %d", 8*cases)
	}
	assert.Equal(t, before, collect(t, rt).Roots)
	runtime.KeepAlive(create)
}

// target makes a type that more of what there is converts to.
func (g generator) target(depth int) reflect.Type {
	if depth == 0 {
		return g.pick(reflect.TypeFor[any](), reflect.TypeFor[*qjswasm.Value](), reflect.TypeFor[float64](), reflect.TypeFor[*string](),
			reflect.TypeFor[error](), reflect.TypeFor[func() error](), reflect.TypeFor[*time.Time](), reflect.TypeFor[[]byte](), reflect.TypeFor[qjswasm.Object](),
			reflect.TypeFor[qjswasm.Map](), reflect.TypeFor[qjswasm.Set](), reflect.TypeFor[*property](), reflect.TypeFor[struct{}](), reflect.TypeFor[*qjswasm.Error]())
	}
	switch g.IntN(6) {
	case 0:
		return reflect.SliceOf(g.target(depth - 1))
	case 1:
		return reflect.PointerTo(g.target(depth - 1))
	case 2:
		return reflect.MapOf(g.pick(reflect.TypeFor[string](), reflect.TypeFor[any](), reflect.TypeFor[int]()), g.target(depth-1))
	case 3:
		return reflect.StructOf([]reflect.StructField{{Name: "A", Type: g.target(depth - 1), Tag: `js:"a"`}, {Name: "K1", Type: g.target(depth - 1)}})
	case 4:
		return g.typ(depth)
	}
	return g.target(0)
}

// Types that miss the fast paths of functions.
type (
	slowFF   func(float64) float64
	slowFFF  func(float64, float64) float64
	slowFFE  func(float64, float64) (float64, error)
	slowSS   func(string) string
	slowSSE  func(string) (string, error)
	slowCSSE func(context.Context, string) (string, error)
	slowE    func() error
	slow     func()

	callF   func(float64) (float64, error)
	callCF  func(context.Context, float64) (float64, error)
	callFF  func(float64, float64) (float64, error)
	callCFF func(context.Context, float64, float64) (float64, error)
	callS   func(string) (string, error)
	callCS  func(context.Context, string) (string, error)
	callC   func(context.Context) error
)

// TestFastPathsDoNotDiffer compares Go functions of common types with the same
// functions as named types, which are called by reflection.
func TestFastPathsDoNotDiffer(t *testing.T) {
	rt := newRuntime(t, nil)
	boom := errors.New("boom")
	ff := func(a float64) float64 { return -a }
	fff := func(a, b float64) float64 { return a / b }
	ffe := func(a, b float64) (float64, error) {
		if b == 0 {
			return 0, boom
		}
		return a / b, nil
	}
	ss := func(s string) string { return s + s }
	sse := func(s string) (string, error) {
		if s == "" {
			return "", boom
		}
		return s + "\xff", nil
	}
	csse := func(ctx context.Context, s string) (string, error) { return sse(s) }
	for i, pair := range [][2]any{
		{ff, slowFF(ff)}, {fff, slowFFF(fff)}, {ffe, slowFFE(ffe)}, {ss, slowSS(ss)}, {sse, slowSSE(sse)}, {csse, slowCSSE(csse)},
		{func() error { return boom }, slowE(func() error { return boom })}, {func() error { return nil }, slowE(func() error { return nil })},
		{func() {}, slow(func() {})},
	} {
		require.NoError(t, rt.Set("f", pair[0]))
		require.NoError(t, rt.Set("g", pair[1]))
		assert.Equal(t, "", eval(t, rt, `{
			const values = [0, -0, 1.5, NaN, Infinity, 2**31, "", "x", "é\ud800", "a".repeat(5000) + "日".repeat(5000), 5n, 2n**70n, true, null, undefined, {}, [], () => 1, Symbol("q"), new Date(0)]
			const lists = [[], ...values.map(x => [x]), ...values.flatMap(x => values.map(y => [x, y])), [1, 2, 3], ["a", 1, {}]]
			const run = (f, args) => { try { const x = f(...args); return [typeof x, Object.is(x, -0), String(x)].join() } catch (e) { return [e.name, e.message, e instanceof TypeError].join() } }
			const wrong = lists.filter(l => run(f, l) !== run(g, l)).map(l => l.map(x => typeof x) + ": " + run(f, l) + " / " + run(g, l))
			if (f.length !== g.length) wrong.push("length")
			wrong.slice(0, 3).join("\n")
		}`).String(), "pair %d", i)
	}
	for i, code := range []string{
		"(...a) => 1", "(...a) => -0", "(a, b) => a + b", "(...a) => { throw new TypeError('t') }", "() => 'x'", "() => ({})", "() => () => 1", "() => {}",
		"() => 5n", "() => null", "() => Symbol()", "x => typeof x", "(...a) => String(a.length)", "x => x + 'é\\ud800'", "() => { throw null }", "() => new Proxy({}, {})",
	} {
		v := eval(t, rt, code)
		check := func(fast, slow []any) {
			t.Helper()
			for j := range fast {
				if err, ok := fast[j].(error); ok {
					assert.EqualError(t, slow[j].(error), err.Error(), "%d %s", i, code)
				} else {
					assert.Equal(t, fmt.Sprint(fast[j]), fmt.Sprint(slow[j]), "%d %s", i, code)
				}
			}
		}
		for _, a := range []float64{0, math.Copysign(0, -1), 2.5, math.NaN()} {
			check(list(must(qjswasm.As[func(float64) (float64, error)](v))(a)), list(must(qjswasm.As[callF](v))(a)))
			check(list(must(qjswasm.As[func(float64, float64) (float64, error)](v))(a, 1)), list(must(qjswasm.As[callFF](v))(a, 1)))
			for _, c := range []context.Context{ctx, nil, canceled()} {
				check(list(must(qjswasm.As[func(context.Context, float64) (float64, error)](v))(c, a)), list(must(qjswasm.As[callCF](v))(c, a)))
				check(list(must(qjswasm.As[func(context.Context, float64, float64) (float64, error)](v))(c, a, 1)), list(must(qjswasm.As[callCFF](v))(c, a, 1)))
				check(list(must(qjswasm.As[func(context.Context) error](v))(c)), list(must(qjswasm.As[callC](v))(c)))
			}
		}
		for _, s := range []string{"", "x", "é\xff"} {
			check(list(must(qjswasm.As[func(string) (string, error)](v))(s)), list(must(qjswasm.As[callS](v))(s)))
			check(list(must(qjswasm.As[func(context.Context, string) (string, error)](v))(ctx, s)), list(must(qjswasm.As[callCS](v))(ctx, s)))
		}
	}
}

func TestTypedFunctions(t *testing.T) {
	rt := newRuntime(t, nil)
	type order struct{ Total float64 }
	set := func(name string, f any) { require.NoError(t, rt.Set(name, f)) }
	set("strict", func(i int, o order, rest ...uint8) int { return i + len(rest) })
	set("several", func(x any, v *qjswasm.Value) (any, string, []int) { return x, v.Kind().String(), []int{1} })
	set("bad", func() any { return map[string]any{"c": make(chan<- int)} })
	set("apply", func(c context.Context, f func(context.Context, float64, ...string) (string, error), n float64) (string, error) {
		return f(c, n, "a", "b")
	})
	set("value", func(c context.Context, f func(context.Context, any) (*qjswasm.Value, error)) (*qjswasm.Value, error) {
		return f(c, map[string]int{"n": 1})
	})
	set("refuse", func(f func(any) error) error { return f(1i) })
	for code, want := range map[string]string{
		"strict(1, {Total: 2})":                 "1",
		"strict(1, {Total: 2}, 3, 4)":           "3",
		"strict(1)":                             "TypeError: cannot convert a call with 1 arguments to a Go function of 2 parameters",
		"strict('1', {})":                       "TypeError: cannot convert JS string to Go int at arguments[0]",
		"strict(1, {Total: '2'})":               "TypeError: cannot convert JS string to Go float64 at arguments[1].Total",
		"strict(1, {}, 1, 256)":                 "TypeError: cannot convert JS number 256 to Go uint8 at arguments[3]",
		"strict(1, undefined)":                  "TypeError: cannot convert JS undefined to Go qjswasm_test.order at arguments[1]",
		"several([1], () => 1, 'more') + ''":    "1,Function,1",
		"bad()":                                 "TypeError: cannot convert Go chan<- int to a JS value at .c: nothing can be received from it",
		"apply((n, ...r) => n + r.join(''), 5)": "5ab",
		"apply(n => n, 5)":                      "TypeError: cannot convert JS number to Go string",
		"apply({}, 5)":                          "TypeError: cannot convert JS Object to Go func(context.Context, float64, ...string) (string, error) at arguments[0]",
		"value(o => (o.f = () => o, o)).f().n":  "1",
		"refuse(() => 1)":                       "TypeError: cannot convert Go complex128 to a JS value at arguments[0]: complex128s have no JS equivalent",
		"[strict.length, several.length, apply.length, strict.name].join()": "2,2,2,strict",
	} {
		got := eval(t, rt, "try { String("+code+") } catch (e) { String(e) }").String()
		assert.Equal(t, want, got, code)
	}
	_, err := rt.NewFunc("f", func(int, chan int) {})
	assert.EqualError(t, err, "qjswasm: cannot convert a JS value to Go chan int at parameters[1]")
	_, err = rt.NewFunc("f", func() {}, qjswasm.Captures(1, []any{make(chan<- int)}))
	assert.ErrorContains(t, err, "at captures[1][0]")
	_, err = rt.Eval(ctx, "strict(1, {Total: '2'})")
	var ce *qjswasm.ConvertError
	require.ErrorAs(t, err, &ce)
	assert.Equal(t, "arguments[1].Total", ce.Path)
}
