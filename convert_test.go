package qjswasm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type convNode struct {
	Name string `js:"name"`
	Next *convNode
	Kids []*convNode
}

type (
	convString     string
	convInt        int8
	convBytes      []byte
	convBox[T any] struct{ V T }
	convInner      struct{ ID, Shared int }
	convOther      struct{ Shared int }
	convOuter      struct {
		convInner
		*convOther
		time.Time
		Tagged  int       `json:"tagged,omitempty"`
		JS      int       `js:"js" json:"json"`
		Skipped int       `js:"-"`
		Dash    int       `js:"-,"`
		Zero    time.Time `js:",omitzero"`
		//lint:ignore U1000 it must be left out
		hidden int
	}
)

func pointer[T any](v T) *T { return &v }

func bigString(s string) *big.Int {
	b, ok := new(big.Int).SetString(s, 0)
	if !ok {
		panic(s)
	}
	return b
}

// TestGoToJS checks what a script sees of a Go value, and what Export makes of it.
func TestGoToJS(t *testing.T) {
	rt := newRuntime(t, nil)
	fixed := time.Date(2024, 2, 29, 12, 30, 0, 5_000_000, time.FixedZone("x", 3600))
	huge := new(big.Int).Lsh(big.NewInt(3), 5000)
	var nilMap map[string]int
	var nilErr *fs.PathError
	for i, c := range []struct {
		v      any
		check  string // of x
		export any
	}{
		{nil, "x === null", nil},
		{qjswasm.Undefined, "x === undefined", nil},
		{true, "x === true", true},
		{convInt(-7), "x === -7", int64(-7)},
		{uint8(200), "x === 200", int64(200)},
		{int64(1<<53 - 1), "x === 2**53-1", int64(1<<53 - 1)},
		{int64(1 << 53), "x === 2n**53n", big.NewInt(1 << 53)},
		{int64(-1<<53 + 1), "x === -(2**53)+1", int64(-1<<53 + 1)},
		{int64(math.MinInt64), "x === -(2n**63n)", big.NewInt(math.MinInt64)},
		{uint64(math.MaxUint64), "x === 2n**64n-1n", new(big.Int).SetUint64(math.MaxUint64)},
		{float32(0.5), "x === 0.5", 0.5},
		{math.Copysign(0, -1), "Object.is(x, -0)", math.Copysign(0, -1)},
		{[]any{math.Float64frombits(0x7ff8000000000123), math.Float64frombits(0xfff0000000000001)}, "x.every(Number.isNaN)", nil},
		{math.Inf(-1), "x === -Infinity", math.Inf(-1)},
		{5 * time.Second, "x === 5000", int64(5000)},
		{*big.NewInt(12), "x === 12n", big.NewInt(12)},
		{pointer(big.NewInt(12)), "x === 12n", big.NewInt(12)},
		{(*big.Int)(nil), "x === null", nil},
		{huge, "x === 3n << 5000n", huge},
		{new(big.Int).Lsh(big.NewInt(-1), 1<<20-1), "x === -1n << 2n**20n-1n", nil},
		{[]int64{-1 << 31, 1 << 31, -1<<31 - 1, 1<<32 - 1, -1 << 32}, "x.join() === '-2147483648,2147483648,-2147483649,4294967295,-4294967296'", nil},
		{new(big.Int).Neg(huge), "x === -(3n << 5000n)", new(big.Int).Neg(huge)},
		{"a\x00b", `x === "a\0b"`, "a\x00b"},
		{"é", `x === "\xe9"`, "é"},
		{"日本", `x === "日本"`, "日本"},
		{"😀", `x === "\u{1f600}"`, "😀"},
		{"a\xff\xfeb", `x === "a\ufffd\ufffdb"`, "a\ufffd\ufffdb"},
		{"\xed\xa0\x80", `x === "\ufffd\ufffd\ufffd"`, "\ufffd\ufffd\ufffd"},
		{strings.Repeat("aé", 1<<19), `x === "aé".repeat(2**19)`, strings.Repeat("aé", 1<<19)},
		{convString("s"), `x === "s"`, "s"},
		{[]byte{1, 255}, "x instanceof Uint8Array && x[1] === 255", []byte{1, 255}},
		{convBytes{1}, "x instanceof Uint8Array", []byte{1}},
		{json.RawMessage("{}"), "Object.keys(x).length === 0", map[string]any{}},
		{[2]byte{3, 4}, "x instanceof Uint8Array && x[1] === 4", []byte{3, 4}},
		{&[2]byte{3, 4}, "x instanceof Uint8Array && x[1] === 4", []byte{3, 4}},
		{[]byte(nil), "x === null", nil},
		{[]byte{}, "x instanceof Uint8Array && x.length === 0", []byte{}},
		{qjswasm.ArrayBuffer{9}, "x instanceof ArrayBuffer && new Uint8Array(x)[0] === 9", qjswasm.ArrayBuffer{9}},
		{convBox[qjswasm.ArrayBuffer]{qjswasm.ArrayBuffer{9}}, "x.V instanceof ArrayBuffer", nil},
		{[]int{1, 2}, "Array.isArray(x) && x.length === 2 && x[1] === 2", []any{int64(1), int64(2)}},
		{[2]bool{true, false}, "Array.isArray(x) && x[0] === true", []any{true, false}},
		{[]string{}, "Array.isArray(x) && x.length === 0", []any{}},
		{[]string(nil), "x === null", nil},
		{nilMap, "x === null", nil},
		{nilErr, "x === null", nil},
		{(*qjswasm.Error)(nil), "x === null", nil},
		{(*qjswasm.Value)(nil), "x === null", nil},
		{(func())(nil), "x === null", nil},
		{convBox[any]{}, "x.V === null", map[string]any{"V": nil}},
		{convBox[error]{}, "x.V === null", map[string]any{"V": nil}},
		{pointer(pointer(pointer(5))), "x === 5", int64(5)},
		{map[string]int{"b": 1, "a": 2, "7": 3, "__proto__": 4, "constructor": 5},
			`JSON.stringify(Object.keys(x)) === '["7","__proto__","a","b","constructor"]' && Object.getPrototypeOf(x) === Object.prototype`,
			map[string]any{"b": int64(1), "a": int64(2), "7": int64(3), "__proto__": int64(4), "constructor": int64(5)}},
		{map[convString]int{"a": 1}, "x.a === 1", map[string]any{"a": int64(1)}},
		{map[int]string{2: "b", -1: "a"}, "x instanceof Map && [...x.keys()].join() === '-1,2'", qjswasm.Map{{Key: int64(-1), Value: "a"}, {Key: int64(2), Value: "b"}}},
		{map[float64]int{math.NaN(): 3}, "x.get(NaN) === 3", nil},
		{map[bool]int{true: 1, false: 0}, "[...x.keys()].join() === 'false,true'", nil},
		{map[any]int{"s": 1, 2: 2, nil: 3}, "x.get('s') === 1 && x.get(2) === 2 && x.get(null) === 3", nil},
		{map[convInner]int{{2, 1}: 2, {1, 1}: 1}, "[...x.keys()].map(k => k.ID).join() === '1,2'", nil},
		{map[[2]int]int{{2, 1}: 2, {1, 1}: 1}, "[...x.keys()].join('|') === '1,1|2,1'", nil},
		{qjswasm.Object{{Key: "z", Value: 1}, {Key: "a", Value: 2}, {Key: "__proto__", Value: 3}}, "Object.keys(x).join() === 'z,a,__proto__'", nil},
		{qjswasm.Map{{Key: "k", Value: 1}}, "x instanceof Map && x.get('k') === 1", qjswasm.Map{{Key: "k", Value: int64(1)}}},
		{qjswasm.Set{"a", 1}, "x instanceof Set && x.has(1)", qjswasm.Set{"a", int64(1)}},
		{fixed, "x instanceof Date && x.toISOString() === '2024-02-29T11:30:00.005Z'", fixed.UTC()},
		{time.Time{}, "x.toISOString() === '0001-01-01T00:00:00.000Z'", time.Time{}},
		{time.UnixMilli(-8.64e15), "x.getTime() === -8.64e15", time.UnixMilli(-8.64e15).UTC()},
		{convOuter{convInner: convInner{1, 2}, Time: fixed, Dash: 3, JS: 4},
			`JSON.stringify(x) === '{"ID":1,"Time":"2024-02-29T11:30:00.005Z","js":4,"-":3}'`, nil},
		{convOuter{convOther: &convOther{1}, Tagged: 1}, "!('Shared' in x) && x.tagged === 1", nil},
		{convBox[struct{}]{}, "Object.keys(x.V).length === 0", nil},
		{fs.ErrNotExist, "x instanceof Error && x.message === 'file does not exist'", nil},
		{convBox[error]{fs.ErrNotExist}, "x.V instanceof Error", nil},
		{[]*struct{}{{}, {}}, "x[0] !== x[1]", nil},
	} {
		name := fmt.Sprintf("%d %T %s", i, c.v, c.check)
		require.NoError(t, rt.Set("x", c.v), name)
		assert.True(t, eval(t, rt, c.check).Bool(), name)
		if c.export != nil {
			x, err := eval(t, rt, "x").Export()
			require.NoError(t, err, name)
			assert.Equal(t, c.export, x, name)
		}
	}
}

func TestGoToJSShapes(t *testing.T) {
	rt := newRuntime(t, nil)
	check := func(v any, code string) {
		t.Helper()
		require.NoError(t, rt.Set("x", v))
		assert.True(t, eval(t, rt, code).Bool(), code)
	}
	n := &convNode{Name: "a"}
	n.Next, n.Kids = n, []*convNode{n, nil, {Name: "b", Next: n}}
	check(n, "x.Next === x && x.Kids[0] === x && x.Kids[1] === null && x.Kids[2].Next === x")
	m := map[string]any{}
	m["m"], m["s"] = m, []any{m}
	check(m, "x.m === x && x.s[0] === x")
	s := []any{nil, nil}
	s[0], s[1] = s, s[:1]
	check(s, "x[0] === x && x[1] !== x && x[1][0] === x")
	o := qjswasm.Object{{Key: "o"}}
	o[0].Value = o
	check(o, "x.o === x")
	om, set := qjswasm.Map{{}}, qjswasm.Set{nil}
	om[0] = qjswasm.MapEntry{Key: om, Value: set}
	set[0] = om
	check(om, "x.get(x).has(x)")
	b, empty := []byte{1}, []int{}
	check([]any{b, b, &n.Name, &n.Name, empty, empty}, "x[0] === x[1] && x[2] === 'a'")
	check(map[*int]int{pointer(1): 1}, "x.get(1) === 1")
	// The names of functions are those of their properties, and nothing else's.
	f := func() {}
	check(convBox[[]any]{[]any{map[string]any{"g": f}, f}}, "x.V[0].g.name === 'g' && x.V[1].name === ''")
	check(struct {
		F func()                  `js:"f"`
		G func(int, ...int) error `js:"g"`
	}{f, nil}, "x.f.name === 'f' && x.f.length === 0 && x.g === null")
	require.NoError(t, rt.Set("call", func(fn func(any, func()) error) error { return fn(convBox[int]{1}, f) }))
	assert.Equal(t, "", eval(t, rt, "let n; call((o, f) => { n = f.name }); n").String())
}

func TestGoToJSRefused(t *testing.T) {
	rt := newRuntime(t, nil)
	var self any
	self = &self
	type loop *loop
	var p loop
	p = &p
	deep := []any{}
	for range 20_000 {
		deep = []any{deep}
	}
	for _, c := range []struct {
		v    any
		path string
	}{
		{make(chan<- int), ""},
		{1i, ""},
		{uintptr(1), ""},
		{map[string]any{"Orders": []any{1, 2, 3, struct{ Total any }{func(chan int) {}}}}, ".Orders[3].Total" + "parameters[0]"},
		{[]any{1, 2, map[string]any{"name": make(chan<- int)}}, "[2].name"},
		{map[string]any{"a b": make(chan<- int)}, `["a b"]`},
		{map[int]any{7: make(chan<- int)}, "[7]"},
		{map[any]any{"k": []any{make(chan<- int)}}, `["k"][0]`},
		{map[*int]any{nil: make(chan<- int)}, "[0]"},
		{qjswasm.Set{1, make(chan<- int)}, "[1]"},
		{qjswasm.Map{{Key: "q", Value: make(chan<- int)}}, `["q"]`},
		{qjswasm.Object{{Key: "q", Value: make(chan<- int)}}, ".q"},
		{convBox[convBox[any]]{convBox[any]{make(chan<- int)}}, ".V.V"},
		{time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC), ""},
		{[]time.Time{time.Unix(1<<61, 0)}, "[0]"},
		{[]any{new(big.Int).Lsh(big.NewInt(1), 1<<20-1)}, "[0]"},
		{self, ""},
		{p, ""},
		{func() chan<- int { return nil }, "results[0]"},
		{deep, strings.Repeat("[0]", 334) + "…"},
	} {
		_, err := rt.NewValue(c.v)
		var ce *qjswasm.ConvertError
		if assert.ErrorAs(t, err, &ce, "%T", c.v) {
			assert.Equal(t, c.path, ce.Path)
			assert.NotContains(t, err.Error(), "0xc0", "no Go pointers")
		}
	}
	requireUsable(t, rt)
	assert.Zero(t, rt.Stats().Callables)
}

func TestExport(t *testing.T) {
	rt := newRuntime(t, nil)
	for code, want := range map[string]any{
		"undefined": nil, "null": nil, "1.5": 1.5, "-0": math.Copysign(0, -1), "2**62": int64(1 << 62), "2**63": float64(1 << 63),
		"-(2**63)": int64(math.MinInt64), "10n": big.NewInt(10), "'\\ud800x'": "\ufffdx", "'\\udc00\\ud800'": "\ufffd\ufffd",
		"[1,,3]": []any{int64(1), nil, int64(3)}, "new Array(3)": []any{nil, nil, nil}, "let a=[]; a[3]=1; delete a[3]; a": []any{nil, nil, nil, nil},
		"Object.assign([1], {x: 1})":                   []any{int64(1)},
		"({get a(){ return 1 }, b: 2, [Symbol()]: 3})": map[string]any{"b": int64(2)},
		"Object.create({a: 1})":                        map[string]any{}, "new (class A { x = 1; #y = 2 })": map[string]any{"x": int64(1)},
		"new Number(1)": int64(1), "Object('s')": "s", "new Date(NaN)": time.Time{}, "new Date(5)": time.UnixMilli(5).UTC(),
		"new Map([[{}, 1]])": qjswasm.Map{{Key: map[string]any{}, Value: int64(1)}}, "new Set([1, 's'])": qjswasm.Set{int64(1), "s"},
		"new Int8Array([-1])": []int8{-1}, "new Uint8ClampedArray([300])": []byte{255}, "new Int16Array([-2])": []int16{-2},
		"new Uint16Array([65535])": []uint16{65535}, "new Int32Array([-3])": []int32{-3}, "new Uint32Array([2**32-1])": []uint32{math.MaxUint32},
		"new BigInt64Array([-1n])": []int64{-1}, "new BigUint64Array([2n**64n-1n])": []uint64{math.MaxUint64},
		"new Float16Array([1.5, 65504, 2**-24, -0, Infinity])": []float32{1.5, 65504, 1.0 / (1 << 24), float32(math.Copysign(0, -1)), float32(math.Inf(1))},
		"new Float32Array([0.5])":                              []float32{0.5}, "new Float64Array([0.1])": []float64{0.1},
		"new Uint8Array([1,2,3,4]).subarray(1,3)": []byte{2, 3}, "new Uint8Array([1,2]).buffer": qjswasm.ArrayBuffer{1, 2},
		"let d = new ArrayBuffer(4); d.transfer(); d": qjswasm.ArrayBuffer{}, "let t = new Uint8Array(4); t.buffer.transfer(); t": []byte{},
		"'a'.repeat(600) + 'é' + 'b'.repeat(600)": strings.Repeat("a", 600) + "é" + strings.Repeat("b", 600),
	} {
		x, err := eval(t, rt, "{"+code+"}").Export()
		if code[0] == '(' || code[0] == '[' || strings.HasPrefix(code, "new") {
			x, err = eval(t, rt, code).Export()
		}
		require.NoError(t, err, code)
		assert.Equal(t, want, x, code)
	}
	x, err := eval(t, rt, "let o = {e: new TypeError('m', {cause: new Error('c')}), f(){}, s: Symbol('q')}; o.o = o; o.again = o.f; o").Export()
	require.NoError(t, err)
	m := x.(map[string]any)
	assert.Equal(t, fmt.Sprintf("%p", m), fmt.Sprintf("%p", m["o"]))
	je := m["e"].(*qjswasm.Error)
	assert.Equal(t, "TypeError: m", je.Error())
	assert.Equal(t, "Error: c", errors.Unwrap(errorsOf(je)).Error())
	assert.Equal(t, qjswasm.KindFunction, m["f"].(*qjswasm.Value).Kind())
	assert.Equal(t, qjswasm.KindSymbol, m["s"].(*qjswasm.Value).Kind())
}

// errorsOf lets errors.Unwrap see the one error that e wraps.
func errorsOf(e *qjswasm.Error) error { return fmt.Errorf("%w", e.Unwrap()[0]) }

func TestExportToIdentity(t *testing.T) {
	rt := newRuntime(t, nil)
	const code = "let a = {name: 'a'}, b = {name: 'b', Next: a}; a.Next = b; a.Kids = [a, b, b, null]; a"
	n := evalTo[*convNode](t, rt, code)
	assert.Same(t, n, n.Next.Next)
	assert.Same(t, n, n.Kids[0])
	assert.Same(t, n.Next, n.Kids[1])
	assert.Same(t, n.Next, n.Kids[2])
	assert.Nil(t, n.Kids[3])
	var top convNode
	require.NoError(t, eval(t, rt, "a").ExportTo(&top))
	assert.Same(t, &top, top.Next.Next, "the target itself is part of the cycle")

	type values struct {
		A, B struct {
			Kids []*convNode
			F    func() error
		}
		List  []values
		Again []values
		P, Q  **convNode
		M     map[string]values
		X, Y  any
		Z     map[string]any
	}
	v := evalTo[values](t, rt, `
		let kids = [a], s = {Kids: kids, F() {}}, v = {A: s, B: s, P: a, Q: a, X: s, Y: s, Z: s}
		v.List = [v]; v.Again = v.List; v.M = {v}; v`)
	assert.Same(t, v.A.Kids[0], v.B.Kids[0])
	assert.Same(t, &v.A.Kids[0], &v.B.Kids[0])
	assert.Same(t, &v.List[0], &v.List[0].List[0], "a slice that contains itself")
	assert.Same(t, &v.List[0], &v.Again[0])
	assert.Same(t, *v.P, *v.Q)
	assert.Same(t, *v.P, v.A.Kids[0])
	assert.Equal(t, fmt.Sprintf("%p", v.X), fmt.Sprintf("%p", v.Y))
	assert.Equal(t, fmt.Sprintf("%p", v.X), fmt.Sprintf("%p", v.Z))
	require.NoError(t, v.A.F())
	require.NoError(t, v.B.F())
	v.X.(map[string]any)["F"].(*qjswasm.Value).Close()
	assert.ErrorIs(t, v.A.F(), qjswasm.ErrReleased, "one root, one owner")
}

func TestExportToTypes(t *testing.T) {
	rt := newRuntime(t, nil)
	assert.Equal(t, convOuter{convInner: convInner{ID: 1}, convOther: nil, JS: 2, Dash: 3, Time: time.UnixMilli(1).UTC()},
		evalTo[convOuter](t, rt, "({id: 1, js: 2, '-': 3, Skipped: 4, hidden: 5, Time: new Date(1), extra() {}, tagged: undefined})"))
	assert.Equal(t, map[int]string{1: "a"}, evalTo[map[int]string](t, rt, "({1: 'a'})"))
	assert.Equal(t, map[int]string{1: "a"}, evalTo[map[int]string](t, rt, "new Map([[1, 'a']])"))
	assert.Equal(t, map[any]any{"x": int64(1)}, evalTo[map[any]any](t, rt, "({x: 1})"))
	assert.Equal(t, qjswasm.Object{{Key: "z", Value: int64(1)}, {Key: "a", Value: []any{}}}, evalTo[qjswasm.Object](t, rt, "({z: 1, a: []})"))
	assert.Equal(t, []rune{65}, evalTo[[]rune](t, rt, "new Int32Array([65])"))
	assert.Equal(t, []any{int64(1), 1.5}, evalTo[[]any](t, rt, "new Float64Array([1, 1.5])"))
	assert.Equal(t, []any{big.NewInt(1)}, evalTo[[]any](t, rt, "new BigInt64Array([1n])"))
	assert.Equal(t, [2]byte{1, 2}, evalTo[[2]byte](t, rt, "new Uint8Array([1, 2])"))
	assert.Equal(t, [2]byte{1, 2}, evalTo[[2]byte](t, rt, "[1, 2]"))
	assert.Equal(t, json.RawMessage("[1]"), evalTo[json.RawMessage](t, rt, "[1]"))
	assert.Equal(t, convString("x"), *evalTo[*convString](t, rt, "'x'"))
	assert.Equal(t, []string{"a"}, evalTo[[]string](t, rt, "new Set(['a'])"))
	assert.Equal(t, *bigString("0x1234567890abcdef12"), evalTo[big.Int](t, rt, "0x1234567890abcdef12n"))
	assert.Equal(t, uint64(math.MaxUint64), evalTo[uint64](t, rt, "2n**64n-1n"))
	assert.Equal(t, int64(-5), evalTo[*big.Int](t, rt, "-5").Int64())
	assert.Equal(t, []*int{nil, nil}, evalTo[[]*int](t, rt, "[null, undefined]"))
	assert.Equal(t, "[symbol]", evalTo[fmt.Stringer](t, rt, "Symbol('q')").String())
	assert.EqualError(t, evalTo[error](t, rt, "new RangeError('r')"), "RangeError: r")
	assert.Equal(t, "r", evalTo[*qjswasm.Error](t, rt, "new RangeError('r')").Message)
	require.NoError(t, rt.Set("e", &fs.PathError{Op: "open", Path: "p", Err: fs.ErrNotExist}))
	assert.Equal(t, "open", evalTo[convBox[*fs.PathError]](t, rt, "({V: e})").V.Op, "an error comes back as itself")
	assert.ErrorIs(t, evalTo[error](t, rt, "e"), fs.ErrNotExist)
	assert.Len(t, evalTo[[]any](t, rt, "Array.from({length: 9000}, () => new Error('e'))"), 9000)
	assert.Equal(t, []convOuter{{}, {}}, evalTo[[]convOuter](t, rt, "[{}, {}]"))
	// Numbers as float64 and as integers that fit, nothing else.
	for code, fails := range map[string]func(v *qjswasm.Value) error{
		"number 128":    func(v *qjswasm.Value) error { return v.ExportTo(new(convInt)) },
		"number 1.5":    func(v *qjswasm.Value) error { return v.ExportTo(new(int)) },
		"number -1":     func(v *qjswasm.Value) error { return v.ExportTo(new(uint)) },
		"number 1e+300": func(v *qjswasm.Value) error { return v.ExportTo(new(float32)) },
		"number NaN":    func(v *qjswasm.Value) error { return v.ExportTo(new(*big.Int)) },
		"number +Inf":   func(v *qjswasm.Value) error { return v.ExportTo(new(uint64)) },
		"number":        func(v *qjswasm.Value) error { return v.ExportTo(new(string)) },
	} {
		num := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(code, "number"), " "), "+Inf", "Infinity")
		err := fails(eval(t, rt, "("+num+"+0)"))
		assert.ErrorContains(t, err, "qjswasm: cannot convert JS "+code+" to Go ", code)
	}
}

func TestExportToPaths(t *testing.T) {
	rt := newRuntime(t, nil)
	type order struct{ Total float64 }
	type shop struct {
		Orders []order
		ByName map[string]*order
		ByID   map[int]order
		Any    error
	}
	type embedded struct{ *convOther }
	for _, c := range []struct {
		code   string
		target any
		want   string
	}{
		{"({Orders: [{}, {}, {}, {Total: '1'}]})", new(shop), "JS string to Go float64 at .Orders[3].Total"},
		{"({ByName: {'a-b': {Total: null}}})", new(*shop), `JS null to Go float64 at .ByName["a-b"].Total`},
		{"({ByID: new Map([[5, {Total: true}]])})", new(shop), "JS boolean to Go float64 at .ByID[5].Total"},
		{"({ByID: {x: {}}})", new(shop), "JS property name to Go int at .ByID.x"},
		{"({ByID: {'01': {}}})", new(shop), `JS property name to Go int at .ByID["01"]`},
		{"({Any: {}})", new(shop), "JS Object to Go error at .Any"},
		{"({Orders: () => 1})", new(shop), "JS function to Go []qjswasm_test.order at .Orders"},
		{"({Orders: Symbol()})", new(shop), "JS symbol to Go []qjswasm_test.order at .Orders"},
		{"[1, 2, {name: 3}]", new([]any), ""},
		{"[{name: 'x'}, {name: 3}]", new([]convNode), "JS number to Go string at [1].name"},
		{"[{name: 'x'}]", new([2]convNode), "JS Array of length 1 to Go [2]qjswasm_test.convNode"},
		{"new Uint8Array(3)", new([2]byte), "JS typed array to Go [2]uint8"},
		{"new Uint8Array([1, 200])", new([]int8), "JS number 200 to Go int8 at [1]"},
		{"new Map([[{}, 1]])", new(map[any]int), "JS Map key to Go map key at [0]: it is not comparable in Go"},
		{"({Shared: 1})", new(embedded), "JS Object to Go *qjswasm_test.convOther at .Shared: an embedded pointer to an unexported struct cannot be set"},
		{"({V: {}})", new(convBox[*qjswasm.Value]), "JS Object to Go *qjswasm.Value at .V: it was copied"},
		{"({V: {}})", new(convBox[func() error]), "JS Object to Go func() error at .V"},
		{"({V() {}})", new(convBox[func()]), "JS function to Go func() at .V: its results must be"},
		{"({V: new Error('x')})", new(convBox[*fs.PathError]), "JS Error to Go *fs.PathError at .V"},
		{"1", new(chan int), "JS number to Go chan int"},
		{"undefined", new(uintptr), "JS undefined to Go uintptr"},
		{"1", new(uintptr), "JS number to Go uintptr"},
	} {
		v := eval(t, rt, c.code)
		err := v.ExportTo(c.target)
		v.Close()
		if c.want == "" {
			assert.NoError(t, err, c.code)
			continue
		}
		var ce *qjswasm.ConvertError
		if assert.ErrorAs(t, err, &ce, c.code) {
			assert.Contains(t, err.Error(), "cannot convert "+c.want)
			assert.NotContains(t, ce.From+ce.To, " at ")
		}
		// What is behind a failure is released; errors wait for Go's collector.
		if _, isError := c.target.(*convBox[*fs.PathError]); !isError {
			assert.Zero(t, rt.Stats().Roots, c.code)
		} else {
			assert.Zero(t, collect(t, rt).Roots, c.code)
		}
	}
}

func TestSkippedRootsAreReleased(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "({name: 'x', f() {}, deep: [[() => 1, Symbol()]], e: new Error('', {cause: new Error()}), Next: {name: 'y', g() {}}})")
	before := rt.Stats().Roots
	for range 50 {
		var n convNode
		require.NoError(t, v.ExportTo(&n))
	}
	assert.Equal(t, before, rt.Stats().Roots)
	fn, err := qjswasm.As[func(context.Context) error](eval(t, rt, "() => ({f() {}})"))
	require.NoError(t, err)
	before = rt.Stats().Roots
	require.NoError(t, fn(ctx))
	assert.Equal(t, before, rt.Stats().Roots, "a result that nobody wants")
}

func list(x ...any) []any { return x }

func canceled() context.Context {
	c, cancel := context.WithCancel(ctx)
	cancel()
	return c
}
