package qjswasm_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// upper is written in capitals in JS, and read back in any case.
type upper struct{ s string }

func (u upper) MarshalText() ([]byte, error) {
	if u.s == "bad" {
		return nil, errors.New("unspeakable")
	}
	return []byte(strings.ToUpper(u.s)), nil
}

func (u *upper) UnmarshalText(b []byte) error {
	if string(b) == "BAD" {
		return errors.New("unreadable")
	}
	u.s = strings.ToLower(string(b))
	return nil
}

// point is [x, y] by JSON, with methods of pointers only.
type point struct{ X, Y int }

func (p *point) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "[%d,%d]", p.X, p.Y), nil }

func (p *point) UnmarshalJSON(b []byte) error {
	var xy [2]int
	err := json.Unmarshal(b, &xy)
	p.X, p.Y = xy[0], xy[1]
	return err
}

type (
	level   int
	base    struct{ ID int }
	Base    struct{ ID int }
	stamped struct {
		upper
		Name string
	}
	wrapped        struct{ upper }
	Pair[A, B any] struct {
		First  A `js:"first"`
		Second B `js:"second,omitzero"`
	}
	tree[T any] struct {
		Value T          `json:"value"`
		Left  *tree[T]   `json:"left,omitempty"`
		Kids  []*tree[T] `json:"kids,omitempty"`
	}
	tagged struct {
		A int       `json:"a,omitempty"`
		B time.Time `json:"b,omitzero"`
		C int64     `json:"c,string"` // the option is for peers that lack BigInt
		D string    `json:"-"`
		e int
		F any
		G **int
		*Base
		H [2]bool
	}
)

func (l level) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "L%d", int(l)), nil }

func TestMarshalledValues(t *testing.T) {
	rt := newRuntime(t, nil)
	seven := 7
	pseven := &seven
	u, err := url.Parse("https://example.org/a?b=c")
	require.NoError(t, err)
	big1, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	eval(t, rt, `show = x => typeof x == "bigint" ? x + "n" : x instanceof Map ? "Map " + show([...x]) : JSON.stringify(x)`)
	for _, x := range []struct {
		name string
		v    any    // to JS
		js   string // what it is there
		back any    // from JS, v if nil; oneWay if there is no way back
	}{
		{"text", upper{"a"}, `"A"`, nil},
		{"pointer to text", &upper{"a"}, `"A"`, nil},
		{"text in a struct", struct{ A upper }{upper{"a"}}, `({A: "A"})`, nil},
		{"text in an any", []any{upper{"a"}}, `["A"]`, []any{"A"}},
		{"texts", []upper{{"a"}, {"b"}}, `["A", "B"]`, nil},
		{"text keys", map[upper]int{{"b"}: 2, {"a"}: 1}, `({A: 1, B: 2})`, nil},
		{"text and other fields", stamped{upper{"a"}, "n"}, `({Name: "n"})`, stamped{Name: "n"}},
		{"only an embedded text", wrapped{upper{"a"}}, `"A"`, nil},
		{"text without a way back", level(3), `"L3"`, oneWay},
		{"slog.Level", slog.LevelWarn, `"WARN"`, nil},
		{"netip.Addr", netip.MustParseAddr("::1"), `"::1"`, nil},
		{"netip keys", map[netip.Addr]int{netip.MustParseAddr("10.0.0.1"): 1}, `({"10.0.0.1": 1})`, nil},
		{"url.URL", *u, `"https://example.org/a?b=c"`, nil},
		{"*url.URL", u, `"https://example.org/a?b=c"`, nil},
		{"JSON", &point{1, 2}, `[1, 2]`, nil},
		{"JSON, not a pointer", point{1, 2}, `[1, 2]`, nil},
		{"JSON in a map", map[string]point{"a": {1, 2}}, `({a: [1, 2]})`, nil},
		{"json.RawMessage", json.RawMessage(`{"a":[1,"x",null,true,1.5]}`), `({a: [1, "x", null, true, 1.5]})`, nil},
		{"large number in JSON", json.RawMessage(`123456789012345678901234567890`), `123456789012345678901234567890n`, nil},
		{"json.Number", json.Number("12"), `12`, nil},
		{"json.Number with a fraction", json.Number("1.5"), `1.5`, nil},
		{"empty json.Number", json.Number(""), `0`, json.Number("0")},
		{"large json.Number", json.Number("12345678901234567890"), `12345678901234567890n`, nil},
		{"*big.Int", big1, `123456789012345678901234567890n`, nil},
		{"big.Int", *big.NewInt(5), `5n`, nil},
		{"*big.Float", big.NewFloat(1.5), `"1.5"`, nil},
		{"big.Rat", *big.NewRat(3, 2), `"3/2"`, nil},
		{"time.Duration", 1500 * time.Millisecond, `1500`, nil},
		{"short time.Duration", 1500 * time.Nanosecond, `0.0015`, nil},
		{"time.Duration in a struct", struct{ D *time.Duration }{new(time.Second)}, `({D: 1000})`, nil},
		{"pointer to a pointer", &pseven, `7`, nil},
		{"generics", Pair[string, []int]{"a", []int{1}}, `({first: "a", second: [1]})`, nil},
		{"a generic zero", Pair[int, netip.Addr]{1, netip.Addr{}}, `({first: 1})`, nil},
		{"a tree", &tree[int]{1, &tree[int]{Value: 2}, []*tree[int]{{Value: 3}}}, `({value: 1, left: {value: 2}, kids: [{value: 3}]})`, nil},
		{"tags", tagged{C: 9, D: "d", e: 1, F: "f", Base: &Base{3}}, `({c: 9, F: "f", G: null, ID: 3, H: [false, false]})`,
			tagged{C: 9, F: "f", Base: &Base{3}}},
		{"an embedded struct that is not exported", struct{ base }{base{3}}, `({ID: 3})`, nil},
		{"int keys", map[int8]string{-1: "a"}, `new Map([[-1, "a"]])`, nil},
		{"array", [2]uint16{1, 2}, `[1, 2]`, nil},
		{"named types", []level{}, `[]`, nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			require.NoError(t, rt.Set("v", x.v))
			got := eval(t, rt, `show(v)`)
			assert.Equal(t, eval(t, rt, `show(`+x.js+`)`).String(), got.String())
			if x.back == oneWay {
				return
			}
			want := x.back
			if want == nil {
				want = x.v
			}
			back := reflect.New(reflect.TypeOf(want))
			require.NoError(t, eval(t, rt, x.js).ExportTo(back.Interface()))
			if w, ok := want.(interface{ String() string }); ok && reflect.TypeOf(want).Kind() == reflect.Pointer {
				assert.Equal(t, w.String(), back.Elem().Interface().(fmt.Stringer).String())
				return
			}
			assert.Equal(t, want, back.Elem().Interface())
		})
	}
}

// oneWay marks what is not read from JS.
var oneWay = new(int)

func TestMarshalledFromJS(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, x := range []struct {
		js   string
		want any
	}{
		{`"1h2m"`, time.Hour + 2*time.Minute},
		{`2`, slog.Level(2)}, // a number is what the kind takes
		{`1.5`, *big.NewFloat(1.5)},
		{`"17"`, json.Number("17")},
		{`new Map([["A", 1]])`, map[upper]int{{"a"}: 1}},
		{`({d: new Date(0), u: undefined, f: new Set([1])})`, json.RawMessage(`{"d":"1970-01-01T00:00:00Z","f":[1],"u":null}`)},
		{`null`, json.RawMessage(`null`)},
		{`null`, (*upper)(nil)},
		{`let a = [1]; [a, a]`, json.RawMessage(`[[1],[1]]`)},
	} {
		got := reflect.New(reflect.TypeOf(x.want))
		require.NoError(t, eval(t, rt, x.js).ExportTo(got.Interface()), x.js)
		if f, ok := x.want.(big.Float); ok {
			assert.Zero(t, f.Cmp(got.Interface().(*big.Float)))
			continue
		}
		assert.Equal(t, x.want, got.Elem().Interface(), x.js)
	}
	require.NoError(t, rt.Set("f", func(d time.Duration, a netip.Addr, p point) string { return fmt.Sprint(d, a, p) }))
	assert.Equal(t, "1.5s 1.2.3.4 {3 4}", eval(t, rt, `f(1500, "1.2.3.4", [3, 4])`).String())
}

func TestMarshalErrors(t *testing.T) {
	rt := newRuntime(t, nil)
	for _, x := range []struct {
		js                      string
		to                      any
		from, toName, path, why string
	}{
		{`({A: ["BAD"]})`, new(struct{ A []upper }), "JS string", "Go qjswasm_test.upper", ".A[0]", "unreadable"},
		{`({BAD: 1})`, new(map[upper]int), "JS property name", "Go qjswasm_test.upper", ".BAD", "unreadable"},
		{`1`, new(upper), "JS number", "Go qjswasm_test.upper", "", ""},
		{`({})`, new(upper), "JS Object", "Go qjswasm_test.upper", "", ""},
		{`"x"`, new(netip.Addr), "JS string", "Go netip.Addr", "", "ParseAddr"},
		{`({p: {}})`, new(struct{ P point }), "JS Object", "Go qjswasm_test.point", ".p", "cannot unmarshal"},
		{`[x => x]`, new(json.RawMessage), "JS Array", "Go json.RawMessage", "", "no JSON form"},
		{`NaN`, new(json.RawMessage), "JS number", "Go json.RawMessage", "", "no JSON form"},
		{`new Map()`, new(json.RawMessage), "JS Map", "Go json.RawMessage", "", "no JSON form"},
		{`let a = []; a.push(a); a`, new(json.RawMessage), "JS Array", "Go json.RawMessage", "", "deep"},
		{`"soon"`, new(time.Duration), "JS string", "Go time.Duration", "", "invalid duration"},
		{`1e300`, new(time.Duration), "JS number", "Go time.Duration", "", "range"},
		{`NaN`, new(time.Duration), "JS number", "Go time.Duration", "", "range"},
		{`1n`, new(time.Duration), "JS BigInt", "Go time.Duration", "", "range"},
		{`"x"`, new(json.Number), "JS string", "Go json.Number", "", "not a number"},
		{`Infinity`, new(json.Number), "JS number", "Go json.Number", "", "not a number"},
		{`1`, new(fmt.Stringer), "JS number", "Go fmt.Stringer", "", "interfaces"},
		{`[1]`, new([]fmt.Stringer), "JS number", "Go fmt.Stringer", "[0]", "interfaces"},
		{`[{}]`, new([]chan int), "JS Object", "Go chan int", "[0]", "iter.Seq2"},
	} {
		err := eval(t, rt, x.js).ExportTo(x.to)
		var c *qjswasm.ConvertError
		require.ErrorAs(t, err, &c, x.js)
		assert.Equal(t, []string{x.from, x.toName, x.path}, []string{c.From, c.To, c.Path}, x.js)
		assert.ErrorContains(t, err, x.why, x.js)
	}
	for _, x := range []struct {
		v               any
		from, path, why string
	}{
		{[]upper{{"bad"}}, "Go qjswasm_test.upper", "[0]", "unspeakable"},
		{map[upper]int{{"bad"}: 1}, "Go qjswasm_test.upper", "", "unspeakable"},
		{json.RawMessage(`{`), "Go json.RawMessage", "", "EOF"},
		{json.RawMessage(`1 2`), "Go json.RawMessage", "", "more than one"},
		{map[string]any{"n": json.Number("x")}, "Go json.Number", ".n", "not a number"},
		{json.Number("1e999"), "Go json.Number", "", "not a number"},
	} {
		_, err := rt.NewValue(x.v)
		var c *qjswasm.ConvertError
		require.ErrorAs(t, err, &c, "%v", x.v)
		assert.Equal(t, []string{x.from, "a JS value", x.path}, []string{c.From, c.To, c.Path})
		assert.ErrorContains(t, err, x.why)
	}
}
