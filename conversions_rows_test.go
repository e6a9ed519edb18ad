package qjswasm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"slices"
	"time"

	"github.com/qjswasm/qjswasm"
)

// documentedValues are the Go expressions in the tables of docs/conversions.md, one
// in each element. The tables name them by their text here.
func documentedValues(rt *qjswasm.Runtime) []any {
	return []any{
		nil,
		qjswasm.TypedArray[float64]{0.5},
		qjswasm.TypedArray[int64]{-1},
		[]any{1, qjswasm.Hole, 3},
		slices.Values([]int{1, 2}),
		maps.All(map[string]int{"a": 1}),
		make(<-chan int),
		netip.MustParseAddr("10.0.0.1"),
		json.RawMessage(`{"a": [1]}`),
		json.Number("12"),
		fmt.Errorf("outer: %w", errors.New("inner")),
		errors.Join(errors.New("a"), errors.New("b")),
		&qjswasm.Error{Name: "RangeError", Message: "far"},
		context.Canceled,
		context.DeadlineExceeded,
		qjswasm.Live(&item{Name: "pen"}),
		qjswasm.Live(map[string]int{"b": 1, "a": 2}),
		qjswasm.Live(&[]int{1, 2}),
		[]float64{0.5},
		json.RawMessage(`{"a":[1]}`),
		qjswasm.ExportOptions{Getters: true},
		qjswasm.ExportOptions{ToJSON: true},
		qjswasm.ExportOptions{Proxies: true},
		qjswasm.ExportOptions{Holes: true},
		map[string]any{"a": int64(1), "b": int64(2)},
		[]any{int64(1), qjswasm.Hole, int64(3)},
		qjswasm.Undefined,
		true,
		42,
		int64(1<<53 - 1),
		int64(1 << 53),
		uint64(math.MaxUint64),
		time.Second,
		1500 * time.Microsecond,
		62 * time.Minute,
		1.5,
		float64(1 << 60),
		math.Copysign(0, -1),
		math.NaN(),
		big.NewInt(7),
		*big.NewInt(7),
		"é😀",
		"a\xffb",
		colour("red"),
		[]byte{1, 2},
		[2]byte{1, 2},
		qjswasm.ArrayBuffer{1, 2},
		[]any{1, "a", nil},
		[]int{1, 2},
		[2]float32{0.5, 2},
		[]string{},
		[]string(nil),
		map[string]int(nil),
		(*item)(nil),
		pointer(pointer(5)),
		map[string]int{"b": 1, "a": 2, "10": 3},
		map[colour]bool{"red": true},
		map[int]string{2: "b", 1: "a"},
		map[any]int{"s": 1, 2: 2},
		qjswasm.Object{{Key: "z", Value: 1}, {Key: "a", Value: 2}},
		qjswasm.Map{{Key: "k", Value: 1}, {Key: nil, Value: 2}},
		qjswasm.Set{"a", 1},
		qjswasm.RegExp{Source: "a", Flags: "g"},
		item{Name: "pen", Price: 2},
		&item{Name: "pen", Tags: []string{"new"}},
		pen{item: item{Name: "pen"}, Ink: "blue"},
		time.UnixMilli(5),
		errors.New("no"),
		&qjswasm.ConvertError{From: "a", To: "b"},
		func(a, b int) int { return a + b },
		func(c *qjswasm.Call) (any, error) { return c.NumArgs(), nil },
		rt.Global(),
		twice(&item{}),
		twice([]int{1, 2}),
		cycle(),
		int64(42),
		int64(1 << 62),
		float64(1 << 63),
		"a\ufffd",
		[]any{int64(1), "a"},
		[]any{int64(1), nil, int64(3)},
		map[string]any{"b": int64(1), "a": []any{int64(2)}},
		map[string]any{"b": int64(2)},
		map[string]any{"x": int64(1)},
		qjswasm.Map{{Key: "k", Value: int64(1)}, {Key: map[string]any{}, Value: int64(2)}},
		qjswasm.Set{"a", int64(1)},
		time.UnixMilli(5).UTC(),
		time.Time{},
		int64(1),
		[]int8{-1},
		[]int16{-1},
		[]uint16{1, 2},
		[]int32{-1},
		[]uint32{1},
		[]int64{-1},
		[]uint64{1},
		[]float32{1.5},
		[]float64{1.5},
		uint8(42),
		float32(42),
		big.NewInt(42),
		pointer(42),
		0,
		float32(0.1),
		"red",
		[]*int{pointer(1), nil},
		map[any]int{"s": 1, int64(2): 2},
		qjswasm.Object{{Key: "z", Value: int64(1)}, {Key: "a", Value: []any{}}},
		item{Name: "pen", Tags: []string{"new"}},
		item{Name: "pen"},
		pen{item: item{Name: "pen"}, Ink: "blue", Next: &pen{Ink: "red"}},
		pointer(time.UnixMilli(5).UTC()),
		make(chan<- int),
		[]any{1i},
		map[string]any{"list": []any{uintptr(1)}},
		func(chan int) {},
		time.Date(300_000, 1, 1, 0, 0, 0, 0, time.UTC),
		new(big.Int).Lsh(big.NewInt(1), 1<<20-1),
		loop(),
		nested(20_000),
		"a\ufffdb",
		time.UnixMicro(1500).UTC(),
		time.UnixMilli(1).UTC(),
		time.Unix(0, 0).In(time.FixedZone("x", 3600)),
		time.Unix(0, 0).UTC(),
		[]any{int8(1), float64(2), []string{"a"}, item{Name: "pen"}},
		[]any{int64(1), int64(2), []any{"a"}, map[string]any{"name": "pen"}},
		[]any{uint64(1 << 60)},
		[]any{big.NewInt(1 << 60)},
		pointer([]int(nil)),
		(*[]int)(nil),
		map[any]int{uint8(1): 1, int64(1): 2},
		map[any]int{int64(1): 1},
		pen{item: item{Price: 5}, cap: true},
		pen{},
	}
}

// documentedTypes are the Go types in those tables.
var documentedTypes = []reflect.Type{
	reflect.TypeFor[int](),
	reflect.TypeFor[int8](),
	reflect.TypeFor[float32](),
	reflect.TypeFor[float64](),
	reflect.TypeFor[string](),
	reflect.TypeFor[bool](),
	reflect.TypeFor[item](),
	reflect.TypeFor[[2]int](),
	reflect.TypeFor[[]item](),
	reflect.TypeFor[map[string]int](),
	reflect.TypeFor[map[int]string](),
	reflect.TypeFor[map[any]int](),
	reflect.TypeFor[[]*qjswasm.Value](),
	reflect.TypeFor[func() int](),
	reflect.TypeFor[chan int](),
	reflect.TypeFor[any](),
}

// The types of the page, as they stand there.
type item struct {
	Name  string   `js:"name"`
	Tags  []string `json:"tags,omitempty"`
	Price float64  `js:"-"`
}
type pen struct {
	item
	Ink  string
	cap  bool
	Next *pen `js:"next,omitzero"`
}
type colour string

func twice(v any) []any { return []any{v, v} }

func cycle() []any {
	s := make([]any, 2)
	s[0], s[1] = s, map[string]any{"cycle": s}
	return s
}

func loop() any {
	var p any
	p = &p
	return p
}

func nested(levels int) (v any) {
	for range levels {
		v = []any{v}
	}
	return v
}
