package bridge

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

func decode[T any](t *testing.T, r *Realm, b []byte) (T, error) {
	t.Helper()
	var x T
	err := NewDecoder(r, b).Into(reflect.ValueOf(&x).Elem())
	return x, err
}

func TestText(t *testing.T) {
	for _, units := range [][]uint16{
		{}, {'a'}, {0}, {0xe9}, {0x65e5}, {0xd83d, 0xde00}, {0xd83d}, {0xde00}, {0xde00, 0xd83d}, {0xd800, 0xd83d, 0xde00, 0xdc00}, {0xffff, 0xfffd}, {0xdbff, 0xdfff},
	} {
		var b []byte
		for _, u := range units {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		x := decodeUTF16(b)
		assert.Equal(t, units, x.UTF16(), "%x", units)
		assert.Equal(t, x.Lone, !utf8.ValidString(x.S), "%x", units)
		assert.True(t, utf8.ValidString(x.String()))
		assert.Equal(t, x, decodeWTF8([]byte(x.S)))
		y, err := NewDecoder(fakeRealm(), textTape(x)).primitive()
		require.NoError(t, err)
		assert.Equal(t, x, y.text)
	}
	assert.Equal(t, Text{S: "a\ufffd\ufffdb\xed\xa0\x80", Lone: true}, decodeWTF8([]byte("a\xff\xedb\xed\xa0\x80")))
	var latin []byte
	var want []rune
	for i := range 256 {
		latin, want = append(latin, byte(i)), append(want, rune(i))
	}
	assert.Equal(t, string(want), decodeLatin1(latin))
	for n := range 40 {
		s := strings.Repeat("a", n)
		assert.Equal(t, n, asciiLen([]byte(s)))
		assert.Equal(t, n, asciiLen([]byte(s+"é"+s)))
		assert.Equal(t, n, asciiLen([]byte(s+"é")))
	}
}

func TestBigInt(t *testing.T) {
	var all []*big.Int
	for _, shift := range []uint{0, 8, 31, 32, 53, 63, 64, 65, 96, 1000, 100_000} {
		for d := int64(-2); d <= 2; d++ {
			x := new(big.Int).Lsh(big.NewInt(1), shift)
			x.Add(x, big.NewInt(d))
			all = append(all, x, new(big.Int).Neg(x))
		}
	}
	r := fakeRealm()
	for _, x := range all {
		b, err := tape(r, x)
		require.NoError(t, err)
		y, err := decode[*big.Int](t, r, b)
		require.NoError(t, err)
		assert.Zero(t, x.Cmp(y), "%v %v", x, y)
		i, err := decode[int64](t, r, b)
		assert.Equal(t, x.IsInt64(), err == nil)
		assert.True(t, err != nil || i == x.Int64())
		u, err := decode[uint64](t, r, b)
		assert.Equal(t, x.IsUint64(), err == nil)
		assert.True(t, err != nil || u == x.Uint64())
	}
}

func TestFloat16(t *testing.T) {
	for h, want := range map[uint16]float64{
		0: 0, 1: 0x1p-24, 0x3ff: 1023 * 0x1p-24, 0x400: 0x1p-14, 0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x7c00: math.Inf(1), 0xfc00: math.Inf(-1),
	} {
		assert.Equal(t, want, float64(float16(h)), "%#x", h)
	}
	assert.True(t, math.Signbit(float64(float16(0x8000))))
	assert.True(t, math.IsNaN(float64(float16(0x7e00))))
}

type (
	a1     struct{ X, Y int }
	a2     struct{ X int }
	tagged struct {
		X int `js:"X"`
	}
	deep struct{ a2 }
	Rec  struct {
		*Rec
		V int
	}
	num     int
	Num     int
	someErr struct{ Code int }
)

func (*someErr) Error() string { return "some" }

type generic[T any] struct{ G T }

func TestFields(t *testing.T) {
	for want, typ := range map[string]reflect.Type{
		"X Y": reflect.TypeFor[struct{ a1 }](),
		"Y": reflect.TypeFor[struct {
			a1
			a2
		}](),
		"Y X": reflect.TypeFor[struct {
			a1
			tagged
		}](),
		"X": reflect.TypeFor[struct {
			a2
			deep
		}](),
		"V": reflect.TypeFor[Rec](),
		"Num": reflect.TypeFor[struct {
			num
			Num
		}](),
		"G": reflect.TypeFor[struct{ generic[int] }](),
		"Time Z": reflect.TypeFor[struct {
			time.Time
			Z int
		}](),
		"Int": reflect.TypeFor[struct{ *big.Int }](),
		"in A": reflect.TypeFor[struct {
			a2    `js:"-"`
			Named a2 `json:"in"`
			A     int
		}](),
		"b_id a_id": reflect.TypeFor[struct {
			B struct{} `js:"b_id"`
			A int      `json:"a_id"`
		}](),
		"- Keep x y": reflect.TypeFor[struct {
			D    int `js:"-,"`
			N    int `js:"-"`
			Keep int `json:",omitempty"`
			P    int `js:"x" json:"q"`
			Q    int `json:"y,omitempty"`
		}](),
		"": reflect.TypeFor[struct{ hidden int }](),
	} {
		var names []string
		for _, f := range fieldsOf(typ).list {
			names = append(names, f.name)
		}
		assert.Equal(t, want, strings.Join(names, " "), "%v", typ)
	}
}

func TestOmit(t *testing.T) {
	r := fakeRealm()
	type s struct {
		I int       `js:",omitempty"`
		S string    `js:",omitempty"`
		L []int     `js:",omitempty"`
		P *int      `js:",omitempty"`
		T time.Time `js:",omitzero"`
		U time.Time `js:",omitempty"`
		A [1]int    `js:",omitzero"`
	}
	b, err := tape(r, s{T: time.Time{}.In(time.FixedZone("x", 60))})
	require.NoError(t, err)
	x, err := NewDecoder(r, b).Any()
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"U": time.Time{}}, x)
}

func TestPathSegments(t *testing.T) {
	for name, want := range map[string]string{
		"a": ".a", "$_1é": ".$_1é", "1": `["1"]`, "a b": `["a b"]`, "": `[""]`, "a\n": `["a\n"]`,
	} {
		assert.Equal(t, want, field(name))
	}
	for i, k := range []any{int8(-1), uint(3), 1.5, true, "x", struct{}{}} {
		want := []string{"[-1]", "[3]", "[1.5]", "[true]", `["x"]`, "[9]"}[i]
		assert.Equal(t, want, keyed(reflect.ValueOf(k), 9))
	}
	err := at(fmt.Errorf("wrapped %w", unconvertible("a", "b", nil)), "[0]")
	assert.EqualError(t, err, "wrapped qjswasm: cannot convert a to b", "an error of somebody else stays as it is")
}

func TestTypedErrorsInside(t *testing.T) {
	r := fakeRealm()
	h := r.In.Callables.Len()
	b, err := tape(r, []any{&someErr{1}, (*someErr)(nil), errors.New("\xff")})
	require.NoError(t, err)
	assert.Equal(t, h+2, r.In.Callables.Len())
	assert.Contains(t, string(b), "\ufffd")
}

// Every root on a tape has one owner: the value made of it, or the release queue.
func TestRootsAreOwnedOnce(t *testing.T) {
	r := fakeRealm()
	fn := func(i uint32) *fakeValue {
		return &fakeValue{root: gc.Root{Index: i, Generation: 1}, kind: abi.KindFunction}
	}
	type inner struct{ F *fakeValue }
	type target struct {
		A, B inner
		C    any
		N    int
	}
	in := map[string]any{"F": fn(1), "skipped": fn(2)}
	object := Object{{"A", in}, {"B", in}, {"C", in}, {"X", []any{fn(3), in}}}
	b, err := tape(r, object)
	require.NoError(t, err)
	x, err := decode[target](t, r, b)
	require.NoError(t, err)
	assert.Same(t, x.A.F, x.B.F)
	assert.Same(t, x.A.F, x.C.(map[string]any)["F"])
	assert.ElementsMatch(t, []gc.Root{{Index: 3, Generation: 1}}, r.In.Releases.Take())

	b, err = tape(r, append(Object{{"A", in}, {"N", "no number"}}, object[3:]...))
	require.NoError(t, err)
	_, err = decode[target](t, r, b)
	require.EqualError(t, err, "qjswasm: cannot convert JS string to Go int at .N")
	assert.ElementsMatch(t, []gc.Root{{Index: 2, Generation: 1}, {Index: 3, Generation: 1}}, r.In.Releases.Take())
}

// A few bytes that claim to be many, at every level, once took memory for all.
func TestCountsCannotLie(t *testing.T) {
	var b []byte
	for range 1000 {
		b = append(b, abi.TapeArray)
		b = binary.LittleEndian.AppendUint32(b, 4000)
	}
	checkAllocation(t, 1<<20, func() {
		_, err := NewDecoder(fakeRealm(), b).Any()
		assert.ErrorIs(t, err, host.ErrCorrupt)
		_, err = decode[[]map[string][]any](t, fakeRealm(), b)
		assert.Error(t, err)
	})
}

// Each level shares the one below twice: structs are copied for each use, but not
// without end; pointers are not copied.
func TestSharedStructsAreBounded(t *testing.T) {
	type value struct{ L, R []value }
	type pointer struct{ L, R *pointer }
	var shared any
	for range 50 {
		shared = map[string]any{"L": shared, "R": shared}
	}
	r := fakeRealm()
	b, err := tape(r, shared)
	require.NoError(t, err)
	p, err := decode[pointer](t, r, b)
	require.NoError(t, err)
	assert.Same(t, p.L, p.R)
	list := shared
	for range 10 {
		list = []any{list, list}
	}
	_, err = decode[value](t, r, b)
	assert.Error(t, err)
	type cube = [2][2][2][2][2][2][2][2][2][2][2][2][2][2][2][2][2][2][2][2]int
	var level any = 1
	for range 20 {
		level = []any{level, level}
	}
	b, err = tape(r, level)
	require.NoError(t, err)
	_, err = decode[*cube](t, r, b)
	assert.ErrorIs(t, err, errShared)
}

// What is reached by reading something again need not itself have been read.
func TestFirstReadingOutOfTurn(t *testing.T) {
	r := fakeRealm()
	root := map[string]any{"Z": make([]any, 1<<22+10)}
	root["A"] = root
	b, err := tape(r, root)
	require.NoError(t, err)
	type view struct{ Z []*int }
	x, err := decode[struct {
		A view
		Z []*int
	}](t, r, b)
	require.NoError(t, err)
	assert.Same(t, &x.A.Z[0], &x.Z[0])
}

func TestSelfReferences(t *testing.T) {
	r := fakeRealm()
	loop := map[string]any{}
	loop["Kids"], loop["Map"], loop["Ptr"] = []any{loop}, map[string]any{"m": loop}, loop
	b, err := tape(r, loop)
	require.NoError(t, err)
	type node struct {
		Pad  [40]int
		Kids []node
		Map  map[string]node
		Ptr  **node
	}
	n, err := decode[node](t, r, b)
	require.NoError(t, err)
	assert.Same(t, &n.Kids[0], &n.Kids[0].Kids[0])
	assert.Equal(t, reflect.ValueOf(n.Map).Pointer(), reflect.ValueOf(n.Map["m"].Map).Pointer())
	assert.Same(t, *n.Ptr, *(*n.Ptr).Ptr)
	for _, typ := range []reflect.Type{reflect.TypeFor[map[string]any](), reflect.TypeFor[Object](), reflect.TypeFor[any](), reflect.TypeFor[*map[string]any]()} {
		require.NoError(t, NewDecoder(r, b).Into(reflect.New(typ).Elem()), "%v", typ)
	}
}

func TestPrimitiveTargets(t *testing.T) {
	r := fakeRealm()
	for _, p := range []any{Undefined{}, nil, true, false, 1.0, -1.5, math.NaN(), big.NewInt(3), Text{S: "s"}} {
		b, err := tape(r, p)
		require.NoError(t, err)
		for _, typ := range []reflect.Type{
			reflect.TypeFor[any](), reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[*uint8](), reflect.TypeFor[float32](),
			reflect.TypeFor[string](), reflect.TypeFor[Text](), reflect.TypeFor[Undefined](), reflect.TypeFor[*big.Int](), reflect.TypeFor[big.Int](),
			reflect.TypeFor[**string](), reflect.TypeFor[[]int](), reflect.TypeFor[func()](), reflect.TypeFor[chan int](), reflect.TypeFor[error](),
			reflect.TypeFor[time.Time](), reflect.TypeFor[complex64](), reflect.TypeFor[uintptr](), reflect.TypeFor[*fakeValue](),
		} {
			// The ways without a tape and with one are the same.
			x, y := reflect.New(typ), reflect.New(typ)
			err1 := r.DecodePrimitive(p, func(d *Decoder) error { return d.Into(x.Elem()) })
			err2 := NewDecoder(r, b).Into(y.Elem())
			assert.Equal(t, fmt.Sprint(err1), fmt.Sprint(err2), "%v %v", p, typ)
			if f, ok := p.(float64); !ok || f == f {
				assert.Equal(t, x.Interface(), y.Interface(), "%v %v", p, typ)
			}
		}
	}
}
