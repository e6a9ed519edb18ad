package bridge

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

func words(tag byte, all ...uint32) []byte {
	b := []byte{tag}
	for _, u := range all {
		b = binary.LittleEndian.AppendUint32(b, u)
	}
	return b
}

// shapeRecord is the first object of shape n, without its values.
func shapeRecord(n uint32, keys ...string) []byte {
	b := words(abi.TapeShape, n, uint32(len(keys)))
	for _, k := range keys {
		b = appendString(b, k)
	}
	return b
}

func tapeOf(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case []byte:
			b = append(b, p...)
		case int:
			b = append(b, byte(p))
		}
	}
	return b
}

func TestEqualKeysAreSentOnce(t *testing.T) {
	r := fakeRealm()
	type record struct {
		Name string `js:"a name that is long"`
		N    int    `js:",omitempty"`
	}
	loop := []map[string]int{{"a name that is long": 1, "b": 2}, {"b": 3, "a name that is long": 4}}
	for i, v := range []any{
		[]record{{"x", 1}, {"y", 2}, {"z", 3}},
		[]any{record{"x", 1}, &record{"y", 2}, map[string]record{"k": {"z", 3}}},
		[]any{map[string]any{"a name that is long": 1}, map[string]any{"a name that is long": map[string]any{"a name that is long": 2}}},
		[]Object{{{"b", 1}, {"a name that is long", 2}}, {{"b", 3}, {"a name that is long", 4}}},
		loop,
	} {
		b, err := tape(r, v)
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(b), "a name that is long"), "%d", i)
	}
	// An omitted field makes another shape.
	b, err := tape(r, []record{{"x", 1}, {"y", 0}, {"z", 3}, {"", 0}})
	require.NoError(t, err)
	assert.Equal(t, 2, strings.Count(string(b), "a name that is long"))
	x, err := NewDecoder(r, b).Any()
	require.NoError(t, err)
	assert.Equal(t, []any{
		map[string]any{"a name that is long": "x", "N": int64(1)}, map[string]any{"a name that is long": "y"},
		map[string]any{"a name that is long": "z", "N": int64(3)}, map[string]any{"a name that is long": ""},
	}, x)
	y, err := decode[[]record](t, r, b)
	require.NoError(t, err)
	assert.Equal(t, []record{{"x", 1}, {"y", 0}, {"z", 3}, {"", 0}}, y)
}

// The order of properties does not depend on what was sent before.
func TestShapesKeepTheOrderOfKeys(t *testing.T) {
	r := fakeRealm()
	b, err := tape(r, []any{Object{{"b", 1}, {"a", 2}}, map[string]any{"a": 3, "b": 4}, Object{{"a", 5}, {"b", 6}}, map[string]int{"b": 7, "a": 8}})
	require.NoError(t, err)
	x, err := decode[[]Object](t, r, b)
	require.NoError(t, err)
	assert.Equal(t, []Object{
		{{"b", int64(1)}, {"a", int64(2)}}, {{"a", int64(3)}, {"b", int64(4)}}, {{"a", int64(5)}, {"b", int64(6)}}, {{"a", int64(8)}, {"b", int64(7)}},
	}, x)
}

// Keys that are one in JS, and very many of them, are not those of a shape.
func TestObjectsWithoutShape(t *testing.T) {
	r := fakeRealm()
	wide := map[string]any{}
	for i := range abi.ShapeMax + 1 {
		wide[fmt.Sprint(i)] = i
	}
	for _, v := range []any{
		Object{{"a", 1}, {"b", 2}, {"a", 3}}, map[string]any{"\xff": 1, "\xfe": 2}, map[string]int{"\xff": 1, "\xfe": 2}, wide,
	} {
		b, err := tape(r, v)
		require.NoError(t, err)
		assert.Equal(t, byte(abi.TapeObject), b[0], "%v", v)
		_, err = NewDecoder(r, b).Any()
		assert.NoError(t, err)
	}
}

func TestManyShapes(t *testing.T) {
	r := fakeRealm()
	var all []any
	for round := range 3 {
		for i := range 3 * maxKeyShapes {
			all = append(all, map[string]any{fmt.Sprint("k", i): int64(round), "x": []any{map[string]any{fmt.Sprint("in", i): "s"}}})
		}
	}
	b, err := tape(r, all)
	require.NoError(t, err)
	x, err := NewDecoder(r, b).Any()
	require.NoError(t, err)
	assert.Equal(t, any(all), x)
}

func TestMalformedShapes(t *testing.T) {
	type target struct {
		A []target
		B any
	}
	ok := tapeOf(words(abi.TapeArray, 2), shapeRecord(0, "a", "b"), abi.TapeNull, abi.TapeTrue, words(abi.TapeRecord, 0), abi.TapeNull, abi.TapeFalse)
	x, err := NewDecoder(fakeRealm(), ok).Any()
	require.NoError(t, err)
	assert.Equal(t, []any{map[string]any{"a": nil, "b": true}, map[string]any{"a": nil, "b": false}}, x)
	for name, b := range map[string][]byte{
		"unknown":              words(abi.TapeRecord, 0),
		"unknown, far":         words(abi.TapeRecord, math.MaxUint32),
		"not the next":         tapeOf(shapeRecord(1, "a"), abi.TapeNull),
		"far":                  tapeOf(shapeRecord(math.MaxUint32, "a"), abi.TapeNull),
		"twice":                tapeOf(words(abi.TapeArray, 2), shapeRecord(0, "a"), abi.TapeNull, shapeRecord(0, "a"), abi.TapeNull),
		"twice, inside itself": tapeOf(shapeRecord(0, "a"), shapeRecord(0, "a"), abi.TapeNull),
		"huge count":           tapeOf(words(abi.TapeShape, 0, math.MaxUint32), make([]byte, 100)),
		"too many keys":        tapeOf(words(abi.TapeShape, 0, abi.ShapeMax+1), make([]byte, 100_000)),
		"keys that lie":        tapeOf(words(abi.TapeShape, 0, 2), words(abi.TapeLatin1, math.MaxUint32), make([]byte, 100)),
		"keys that are none":   tapeOf(words(abi.TapeShape, 0, 1), words(abi.TapeInt, 1), abi.TapeNull, make([]byte, 20)),
		"no values":            tapeOf(words(abi.TapeArray, 1), shapeRecord(0, "a", "b", "c"), abi.TapeNull),
		"no values left":       tapeOf(words(abi.TapeArray, 2), shapeRecord(0, "a", "b"), abi.TapeNull, abi.TapeNull, words(abi.TapeRecord, 0), abi.TapeNull),
		"cut":                  ok[:8],
		"RegExp":               tapeOf(abi.TapeRegExp, words(abi.TapeLatin1, 0), abi.TapeNull),
		"limit inside":         tapeOf(words(abi.TapeArray, 1), abi.TapeLimit, 1, words(0, 0)[1:]),
		"limit unknown":        tapeOf(abi.TapeLimit, 9, words(0, 0)[1:]),
		"limit's path":         tapeOf(abi.TapeLimit, 1, words(0, math.MaxUint32)[1:]),
		"limit's steps":        tapeOf(abi.TapeLimit, 1, words(0, 1)[1:], abi.TapeNull, make([]byte, 20)),
	} {
		_, err := NewDecoder(fakeRealm(), b).Any()
		assert.ErrorIs(t, err, host.ErrCorrupt, name)
		for _, typ := range []reflect.Type{reflect.TypeFor[target](), reflect.TypeFor[[]target](), reflect.TypeFor[map[string]any](), reflect.TypeFor[[]Object](), reflect.TypeFor[[]map[string]*target]()} {
			assert.Error(t, NewDecoder(fakeRealm(), b).Into(reflect.New(typ).Elem()), "%s %v", name, typ)
		}
	}
}

// Records are small, what they become is not: what comes of a few bytes each is
// bounded, whatever the shape says.
func TestShapesDoNotAmplify(t *testing.T) {
	keys := make([]string, abi.ShapeMax)
	for i := range keys {
		keys[i] = fmt.Sprint("key ", i)
	}
	b := tapeOf(words(abi.TapeArray, 10_001), shapeRecord(0, keys...), make([]byte, abi.ShapeMax))
	for range 10_000 {
		b = append(b, words(abi.TapeRecord, 0)...)
	}
	type target struct {
		A [1000]int
		B string `js:"key 1"`
	}
	checkAllocation(t, 8<<20, func() {
		_, err := NewDecoder(fakeRealm(), b).Any()
		assert.Error(t, err, "the values are missing")
		_, err = decode[[]Object](t, fakeRealm(), b)
		assert.Error(t, err)
	})
	// Nor do types: each has a plan of its own.
	b = tapeOf(words(abi.TapeArray, 4), shapeRecord(0, keys...), make([]byte, abi.ShapeMax))
	for range 3 {
		b = tapeOf(b, words(abi.TapeRecord, 0), make([]byte, abi.ShapeMax))
	}
	d := NewDecoder(fakeRealm(), b)
	d.room = 20_000
	var x [4]struct{ target }
	err := d.Into(reflect.ValueOf(&x).Elem())
	assert.ErrorIs(t, err, host.ErrMemoryLimit)
}

// Shapes that are met again in a second reading are the same, those that are met
// there for the first time are new.
func TestShapesOutOfTurn(t *testing.T) {
	r := fakeRealm()
	inner := map[string]any{"p": 1, "q": "s"}
	root := map[string]any{"Z": []any{inner, map[string]any{"p": 2, "q": "t"}}, "Y": inner}
	root["A"] = root
	b, err := tape(r, root)
	require.NoError(t, err)
	type leaf struct {
		P int
		Q string
	}
	type view struct {
		Z []leaf
		Y *leaf
	}
	x, err := decode[struct {
		A view
		Y leaf
		Z []*leaf
	}](t, r, b)
	require.NoError(t, err)
	assert.Equal(t, []leaf{{1, "s"}, {2, "t"}}, x.A.Z)
	assert.Equal(t, leaf{1, "s"}, x.Y)
	assert.Same(t, x.A.Y, x.Z[0])
	assert.Equal(t, leaf{2, "t"}, *x.Z[1])
}

// Ten thousand records share the strings of their keys.
func TestKeysAreShared(t *testing.T) {
	r := fakeRealm()
	b, err := tape(r, []any{map[string]any{"key": 1}, map[string]any{"key": 2}})
	require.NoError(t, err)
	x, err := decode[[]Object](t, r, b)
	require.NoError(t, err)
	assert.Same(t, unsafe.StringData(x[0][0].Key), unsafe.StringData(x[1][0].Key))
}
