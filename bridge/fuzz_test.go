package bridge

import (
	"math/big"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// fuzzTarget has a field of most kinds that conversion knows.
type fuzzTarget struct {
	B       bool
	I       int8
	U       uint16
	F       float32
	S       string
	Any     any
	Err     error
	Big     *big.Int
	BigV    big.Int
	Time    time.Time
	Ptr     *fuzzTarget
	PtrPtr  **int
	Slice   []fuzzTarget
	Ints    []int
	Bytes   []byte
	Arr     [2]int
	Map     map[string]*fuzzTarget
	IntMap  map[int]any
	AnyMap  map[any]int
	Struct  struct{ X, Y *fuzzTarget }
	Obj     Object
	OMap    Map
	OSet    Set
	Buf     ArrayBuffer
	Re      *RegExp
	Val     *fakeValue
	Fn      func(float64) (float64, error)
	Stringy map[fuzzString]fuzzString
	*FuzzEmbedded
}

type fuzzString string

type FuzzEmbedded struct{ E, B any }

// seeds are tapes of valid values and of lies about sizes.
func seeds(f *testing.F) {
	r := fakeRealm()
	loop := map[string]any{"b": true, "slice": []any{}}
	loop["ptr"], loop["any"] = loop, []any{loop, loop}
	fn := &fakeValue{kind: abi.KindFunction}
	for _, v := range []any{
		nil, true, 1, -1.5, "x", "é😀", Text{S: "\xed\xa0\x80", Lone: true}, big.NewInt(-5), []byte{1, 2},
		ArrayBuffer{1}, RegExp{"a", "g"}, []fuzzTarget{{}, {I: 1}}, time.UnixMilli(1), []any{1, nil, "x"}, loop, Object{{"i", 1}}, Map{{"k", 1}}, Set{1},
		map[string]any{"fn": fn, "val": fn, "bigv": 7, "arr": []any{1, 2}, "e": 1, "intmap": map[string]int{"1": 1}},
		[]any{fn, []any{fn}}, map[string]any{"struct": map[string]any{"x": loop, "y": loop}, "slice": []any{loop, loop}},
	} {
		b, err := tape(r, v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte{abi.TapeArray, 200, 0, 0, 0, abi.TapeArray, 200, 0, 0, 0})
	f.Add([]byte{abi.TapeArray, 1, 0, 0, 0, abi.TapeBackref, 0, 0, 0, 0})
	f.Add([]byte{abi.TapeArray, 1, 0, 0, 0, abi.TapeHole})
	f.Add([]byte{abi.TapeLatin1, 1, 0, 0, 0x80, 0, 0, 0, 0})
	f.Add([]byte{abi.TapeTyped, typedFloat64, 8, 0, 0, 0x80, 0, 0, 0, 0})
	f.Add(tapeOf(words(abi.TapeArray, 3), shapeRecord(0, "i", "any", "struct"), words(abi.TapeInt, 1), abi.TapeNull, shapeRecord(1, "x", "y"), abi.TapeNull,
		words(abi.TapeBackref, 1), words(abi.TapeRecord, 1), abi.TapeNull, words(abi.TapeBackref, 0), words(abi.TapeRecord, 0), words(abi.TapeRecord, 1)))
	f.Add(tapeOf(words(abi.TapeShape, 0, 1000), words(abi.TapeLatin1, 200)))
	f.Add(tapeOf(abi.TapeRegExp, words(abi.TapeLatin1, 1), 'a', words(abi.TapeUTF16, 0)))
	f.Add(tapeOf(abi.TapeLimit, 1, words(0, 1)[1:], words(abi.TapeLatin1, 0)))
	f.Add([]byte{abi.TapeTyped, typedFloat16, 2, 0, 0, 0, 1, 2})
	for _, tree := range errorTapes() {
		f.Add(tree)
	}
}

// checkAllocation fails if f allocates more than limit bytes. It measures with
// other goroutines going on, so it looks twice before it complains.
func checkAllocation(t *testing.T, limit uint64, f func()) {
	t.Helper()
	var least uint64
	for i := range 3 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; i == 0 || n < least {
			least = n
		}
		if least <= limit {
			return
		}
	}
	t.Fatalf("allocated %d bytes, more than %d", least, limit)
}

func FuzzDecodeAny(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := fakeRealm()
		checkAllocation(t, 1<<16+512*uint64(len(b)), func() {
			if x, err := NewDecoder(r, b).Any(); err == nil {
				_, _ = tape(r, x)
			}
			_, _ = NewDecoder(r, b).Exception()
		})
	})
}

func FuzzDecodeInto(f *testing.F) {
	seeds(f)
	types := []reflect.Type{
		reflect.TypeFor[fuzzTarget](), reflect.TypeFor[*fuzzTarget](), reflect.TypeFor[[]fuzzTarget](),
		reflect.TypeFor[map[string]any](), reflect.TypeFor[[][]int](), reflect.TypeFor[error](),
		reflect.TypeFor[[2][2][2]fuzzTarget](), reflect.TypeFor[Object](), reflect.TypeFor[map[any]any](),
		reflect.TypeFor[[]struct{ A, B [4]any }](), reflect.TypeFor[**fakeValue](),
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := fakeRealm()
		for _, typ := range types {
			// What is read again for another type is bounded too, but more loosely.
			checkAllocation(t, 1<<26+1<<14*uint64(len(b)), func() {
				v := reflect.New(typ).Elem()
				if err := NewDecoder(r, b).Into(v); err == nil {
					_, _ = tape(r, v.Interface())
				}
			})
		}
	})
}
