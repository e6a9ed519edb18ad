package bridge

import (
	"bytes"
	"math/big"
	"reflect"
	"runtime"
	"strings"
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

type (
	fuzzString  string
	fuzzSlice   []fuzzSlice
	fuzzMap     map[string]fuzzMap
	fuzzPointer *fuzzPointer
)

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
	for _, record := range []string{ // what is smallest on the tape, many times over
		"\x00", "\x04\x01\x00\x00\x00", "\x06\x00\x00\x00\x00", "\x07\x01\x00\x00\x00\x00\xd8", "\x08\x01\x00\x00\x00\xff",
		"\x09\x01\x00\x00\x00\x01\x00\x00\x00", "\x0a\x00\x00\x00\x00", "\x0b", "\x0c\x00\x00\x00\x00", "\x0d\x00\x00\x00\x00",
		"\x0e\x00\x00\x00\x00", "\x10\x00\x00\x00\x00", "\x11\x02\x00\x00\x00\x00", "\x12\x00\x00\x00\x00", "\x0c\x01\x00\x00\x00\x06\x01\x00\x00\x00S\x02",
	} {
		f.Add([]byte("\x0a\xe8\x03\x00\x00" + strings.Repeat(record, 1000)))
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

// What the decoder may allocate, in bytes. Without a type, and without objects
// that are read again for each use, it is a small multiple of the tape: an empty
// Map of five bytes is the worst. Each element of a slice or map also takes what
// its type does.
const (
	fuzzAllowance = 1 << 13
	fuzzMultiple  = 128
)

func FuzzDecodeAny(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := fakeRealm()
		var x any
		var err error
		checkAllocation(t, fuzzAllowance+fuzzMultiple*uint64(len(b)), func() { x, err = NewDecoder(r, b).Any() })
		if err == nil {
			_, _ = tape(r, x)
		}
		checkAllocation(t, fuzzAllowance+fuzzMultiple*uint64(len(b)), func() { _, _ = NewDecoder(r, b).Exception() })
	})
}

// fuzzTypes are the targets of FuzzDecodeInto.
var fuzzTypes = []reflect.Type{
	reflect.TypeFor[fuzzTarget](), reflect.TypeFor[*fuzzTarget](), reflect.TypeFor[[]fuzzTarget](),
	reflect.TypeFor[map[string]any](), reflect.TypeFor[[][]int](), reflect.TypeFor[error](),
	reflect.TypeFor[[2][2][2]fuzzTarget](), reflect.TypeFor[Object](), reflect.TypeFor[map[any]any](),
	reflect.TypeFor[[]struct{ A, B [4]any }](), reflect.TypeFor[**fakeValue](), reflect.TypeFor[fuzzSlice](),
	reflect.TypeFor[fuzzMap](), reflect.TypeFor[fuzzPointer](), reflect.TypeFor[map[fuzzString][]fuzzTarget](),
	reflect.TypeFor[map[[2]int8]*[]byte](), reflect.TypeFor[[]Text](), reflect.TypeFor[[]map[string]string](),
	reflect.TypeFor[*[]*Map](), reflect.TypeFor[func() error](), reflect.TypeFor[interface{ Error() string }](),
	reflect.TypeFor[[][2]float32](), reflect.TypeFor[Undefined](), reflect.TypeFor[chan int](), reflect.TypeFor[[]time.Time](),
	reflect.TypeFor[map[string]*[]uint16](),
}

func FuzzDecodeInto(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := fakeRealm()
		largest := uint64(reflect.TypeFor[fuzzTarget]().Size())
		limit := fuzzAllowance + (fuzzMultiple+largest)*uint64(len(b))
		if bytes.IndexByte(b, abi.TapeBackref) >= 0 {
			// What is shared as a struct is read again for each use: so many records,
			// each an element at the most.
			limit += uint64(newLimits(len(b), 0).again) * largest
		}
		for _, typ := range fuzzTypes {
			v := reflect.New(typ).Elem()
			var err error
			checkAllocation(t, limit, func() { err = NewDecoder(r, b).Into(v) })
			if err == nil {
				_, _ = tape(r, v.Interface())
			}
		}
	})
}
