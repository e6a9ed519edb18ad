package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// generator makes random Go types, and random values of them that survive a
// round trip. Lossy cases are left out: nil in what is not nilable in JS, times
// finer than a millisecond, strings that are not UTF-8, a nil slice in an any.
type generator struct{ *rand.Rand }

// property is a struct that any generated type may point to, also in cycles.
type property struct {
	Name string
	Next *property
	Kids []*property
	Map  map[string]*property
}

func (g generator) pick(types ...reflect.Type) reflect.Type { return types[g.IntN(len(types))] }

func (g generator) scalar() reflect.Type {
	return g.pick(reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[uint16](),
		reflect.TypeFor[int32](), reflect.TypeFor[int64](), reflect.TypeFor[uint64](), reflect.TypeFor[float32](),
		reflect.TypeFor[float64](), reflect.TypeFor[string](), reflect.TypeFor[convString](), reflect.TypeFor[time.Duration]())
}

func (g generator) typ(depth int) reflect.Type {
	if depth == 0 {
		return g.scalar()
	}
	switch g.IntN(14) {
	case 0:
		return reflect.SliceOf(g.typ(depth - 1))
	case 1:
		return reflect.ArrayOf(g.IntN(4), g.typ(depth-1))
	case 2:
		return reflect.PointerTo(g.typ(depth - 1))
	case 3:
		return reflect.MapOf(reflect.TypeFor[string](), g.typ(depth-1))
	case 4:
		return reflect.MapOf(g.scalar(), g.typ(depth-1))
	case 5, 6, 7:
		fields := make([]reflect.StructField, g.IntN(5))
		for i := range fields {
			fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: g.typ(depth - 1)}
			if g.IntN(3) == 0 {
				fields[i].Tag = reflect.StructTag(fmt.Sprintf(`js:"%c%d,omitempty"`, 'α'+rune(i), i))
			}
		}
		return reflect.StructOf(fields)
	case 8:
		return g.pick(reflect.TypeFor[[]byte](), reflect.TypeFor[convBytes](), reflect.TypeFor[qjswasm.ArrayBuffer](), reflect.TypeFor[[3]byte]())
	case 9:
		return g.pick(reflect.TypeFor[time.Time](), reflect.TypeFor[*big.Int](), reflect.TypeFor[big.Int]())
	case 10:
		return reflect.TypeFor[*property]()
	case 11:
		return reflect.TypeFor[any]()
	}
	return g.scalar()
}

func (g generator) text() string {
	alphabet := []rune("ab\x00\x7f\u0080éÿĀ日\uffff😀\U0010ffff'\"\\ ")
	s := make([]rune, g.IntN(12))
	for i := range s {
		s[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(s)
}

func (g generator) integer() int64 {
	i := int64(1) << g.IntN(64)
	if g.IntN(2) == 0 {
		i = -i
	}
	return i + int64(g.IntN(3)) - 1
}

func (g generator) float() float64 {
	switch g.IntN(6) {
	case 0:
		return math.Copysign(0, -1)
	case 1:
		return math.Inf(1 - 2*g.IntN(2))
	case 2:
		return math.Float64frombits(g.Uint64()&^(0x7ff<<52) | uint64(g.IntN(0x7ff))<<52)
	}
	return float64(g.integer())
}

// value fills v. graph holds the nodes that pointers share.
func (g generator) value(v reflect.Value, graph []*property) {
	t := v.Type()
	switch t {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.UnixMilli(g.Int64N(2*8.64e15) - 8.64e15).UTC()))
		return
	case reflect.TypeFor[*big.Int](), reflect.TypeFor[big.Int]():
		b := new(big.Int).Lsh(big.NewInt(g.integer()), uint(g.IntN(200)))
		if b.Add(b, big.NewInt(int64(g.IntN(3)-1))); b.Sign() == 0 {
			b = new(big.Int) // the zero that reflect.DeepEqual knows
		}
		if t.Kind() == reflect.Pointer {
			v.Set(reflect.ValueOf(b))
		} else {
			v.Set(reflect.ValueOf(b).Elem())
		}
		return
	case reflect.TypeFor[*property]():
		v.Set(reflect.ValueOf(graph[g.IntN(len(graph))]))
		return
	}
	switch t.Kind() {
	case reflect.Bool:
		v.SetBool(g.IntN(2) == 0)
	case reflect.Float32:
		v.SetFloat(float64(float32(g.integer())))
	case reflect.Float64:
		v.SetFloat(g.float())
	case reflect.String:
		v.SetString(g.text())
	case reflect.Slice:
		n := g.IntN(4)
		v.Set(reflect.MakeSlice(t, n, n))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			g.value(v.Index(i), graph)
		}
	case reflect.Pointer:
		if g.IntN(4) > 0 {
			v.Set(reflect.New(t.Elem()))
			g.value(v.Elem(), graph)
			if e := v.Elem(); (e.Kind() == reflect.Slice || e.Kind() == reflect.Map || e.Kind() == reflect.Pointer || e.Kind() == reflect.Interface) && e.IsNil() {
				v.SetZero() // null is one thing only
			}
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		for range g.IntN(4) {
			k, x := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			g.value(k, graph)
			g.value(x, graph)
			if k.CanFloat() && k.Float() == 0 {
				continue // -0 and 0 are one key
			}
			v.SetMapIndex(k, x)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			g.value(v.Field(i), graph)
			if f := v.Field(i); (f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.Len() == 0 {
				f.SetZero() // omitempty leaves it out
			}
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(g.any(3)))
	default:
		if i := g.integer(); v.CanInt() {
			v.SetInt(i)
		} else {
			v.SetUint(uint64(i))
		}
	}
}

// any makes a value as Export gives it.
func (g generator) any(depth int) any {
	if depth == 0 {
		return []any{true, g.text(), int64(int32(g.integer())), 0.5, math.Copysign(0, -1)}[g.IntN(5)]
	}
	n := g.IntN(4)
	switch g.IntN(6) {
	case 0:
		m := map[string]any{}
		for range n {
			m[g.text()] = g.any(depth - 1)
		}
		return m
	case 1, 2:
		s := make([]any, n)
		for i := range s {
			s[i] = g.any(depth - 1)
		}
		if len(s) > 1 {
			s[0] = s // a cycle
		}
		return s
	case 3:
		s := make(qjswasm.Map, n)
		for i := range s {
			s[i] = qjswasm.MapEntry{Key: int64(i), Value: g.any(depth - 1)}
		}
		return s
	case 4:
		return []byte(g.text())
	}
	return g.any(0)
}

func (g generator) graph() []*property {
	nodes := make([]*property, 1+g.IntN(5))
	for i := range nodes {
		nodes[i] = &property{Name: fmt.Sprint(i)}
	}
	for _, n := range nodes {
		n.Next = nodes[g.IntN(len(nodes))]
		for range g.IntN(4) {
			n.Kids = append(n.Kids, nodes[g.IntN(len(nodes))], nil)
		}
		if g.IntN(2) == 0 {
			n.Map = map[string]*property{g.text(): n, "": nodes[0]}
		}
	}
	return nodes
}

// sameShape walks two values in step and fails unless the same pointers, maps
// and slices occur in the same places.
func sameShape(a, b reflect.Value, seen map[[2]any]any) error {
	if a.Kind() == reflect.Interface {
		a, b = a.Elem(), b.Elem()
	}
	if !a.IsValid() {
		return nil
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if a.IsNil() || a.Kind() == reflect.Slice && a.Len() == 0 || a.Type() == reflect.TypeFor[*big.Int]() {
			return nil
		}
		if k := a.Kind(); k == reflect.Pointer && a.Elem().Kind() != reflect.Struct {
			return sameShape(a.Elem(), b.Elem(), seen)
		}
		key := [2]any{a.Pointer(), a.Type()}
		if at, ok := seen[key]; ok {
			if at != any(b.Pointer()) {
				return fmt.Errorf("one %v became two", a.Type())
			}
			return nil
		}
		seen[key] = b.Pointer()
	}
	each := func(x, y reflect.Value) error { return sameShape(x, y, seen) }
	switch a.Kind() {
	case reflect.Pointer:
		return each(a.Elem(), b.Elem())
	case reflect.Slice, reflect.Array:
		for i := range a.Len() {
			if err := each(a.Index(i), b.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		for _, k := range a.MapKeys() {
			if err := each(a.MapIndex(k), b.MapIndex(k)); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() {
				if err := each(a.Field(i), b.Field(i)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func TestConvertProperty(t *testing.T) {
	rt := newRuntime(t, nil)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for i := range rounds {
		g := generator{rand.New(rand.NewPCG(seed, uint64(i)))}
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

// graphScript makes random graphs and compares two of them, identity included.
// It leaves out what Export and NewValue document as lossy: order and symbols of
// properties, holes, typed arrays of other kinds, numbers beyond 2^53.
const graphScript = `
function random(seed) { return n => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return (seed >> 8) % n } }
function make(seed) {
	const r = random(seed), all = []
	const leaf = () => [null, true, false, 0, -0, 1.5, NaN, -Infinity, 2 ** 53 - 1, 5e-324, 10n, -(2n ** 70n), "", "é\0", "日😀"][r(15)]
	const node = depth => {
		if (all.length && r(4) === 0) return all[r(all.length)]
		if (depth === 0) return leaf()
		const kind = r(8), n = r(4)
		const keep = x => (all.push(x), x)
		if (kind === 0) { const a = keep([]); for (let i = 0; i < n; i++) a.push(node(depth - 1)); return a }
		if (kind < 3) { const o = keep({}); for (let i = 0; i < n; i++) o["k" + r(9)] = node(depth - 1); return o }
		if (kind === 3) { const m = keep(new Map); for (let i = 0; i < n; i++) m.set(node(depth - 1), node(depth - 1)); return m }
		if (kind === 4) { const s = keep(new Set); for (let i = 0; i < n; i++) s.add(node(depth - 1)); return s }
		if (kind === 5) return new Date(r(1e6))
		if (kind === 6) return keep(new Uint8Array([1 + r(255), r(256)]))
		return leaf()
	}
	return node(6)
}
function same(a, b, seen = new Map) {
	if (Object.is(a, b)) return true
	if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false
	if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b)) return false
	if (seen.has(a)) return seen.get(a) === b
	seen.set(a, b)
	const all = (x, y) => x.length === y.length && x.every((_, i) => same(x[i], y[i], seen))
	if (a instanceof Date) return +a === +b
	if (a instanceof Map) return all([...a].flat(1), [...b].flat(1))
	if (a instanceof Set) return all([...a], [...b])
	if (Array.isArray(a) || a instanceof Uint8Array) return all([...a], [...b])
	const k = Object.keys(a).sort()
	return all(k, Object.keys(b).sort()) && k.every(x => same(a[x], b[x], seen))
}`

func TestConvertGraphProperty(t *testing.T) {
	rt := newRuntime(t, nil)
	eval(t, rt, graphScript)
	assert.False(t, eval(t, rt, "same([[], []], (() => { const a = []; return [a, [1]] })())").Bool(), "the comparison works")
	seed := int32(time.Now().UnixNano() & 0xfffffff)
	t.Logf("seed %d", seed)
	for i := range 2000 {
		require.NoError(t, rt.Set("seed", int(seed)+i))
		v := eval(t, rt, "make(seed)")
		x, err := v.Export()
		require.NoError(t, err, "seed %d", int(seed)+i)
		require.NoError(t, rt.Set("y", x))
		require.True(t, eval(t, rt, "same(make(seed), y)").Bool(), "seed %d", int(seed)+i)
		v.Close()
	}
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
	set("bad", func() any { return map[string]any{"c": make(chan int)} })
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
		"bad()":                                 "TypeError: cannot convert Go chan int to a JS value at .c: chans have no JS equivalent",
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
	_, err = rt.NewFunc("f", func() {}, qjswasm.Captures(1, []any{make(chan int)}))
	assert.ErrorContains(t, err, "at captures[1][0]")
	_, err = rt.Eval(ctx, "strict(1, {Total: '2'})")
	var ce *qjswasm.ConvertError
	require.ErrorAs(t, err, &ce)
	assert.Equal(t, "arguments[1].Total", ce.Path)
}
