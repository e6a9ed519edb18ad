package qjswasm_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type celsius float32

type readings []celsius

func TestTypedArrayToJS(t *testing.T) {
	rt := newRuntime(t, nil)
	show := "(a => Object.prototype.toString.call(a).slice(8, -1) + ' ' + String(a))(a)"
	for want, v := range map[string]any{
		"Int8Array -1,127":                    qjswasm.TypedArray[int8]{-1, 127},
		"Uint8Array 1,255":                    qjswasm.TypedArray[uint8]{1, 255},
		"Int16Array -2,3":                     qjswasm.TypedArray[int16]{-2, 3},
		"Uint16Array 65535":                   qjswasm.TypedArray[uint16]{65535},
		"Int32Array -2147483648":              qjswasm.TypedArray[int32]{math.MinInt32},
		"Uint32Array 4294967295":              qjswasm.TypedArray[uint32]{math.MaxUint32},
		"BigInt64Array -9223372036854775808":  qjswasm.TypedArray[int64]{math.MinInt64},
		"BigUint64Array 18446744073709551615": qjswasm.TypedArray[uint64]{math.MaxUint64},
		"Float32Array 0.5":                    qjswasm.TypedArray[celsius]{0.5},
		"Float64Array 0.1,NaN":                qjswasm.TypedArray[float64]{0.1, math.NaN()},
		"Float64Array ":                       qjswasm.TypedArray[float64]{},
		"Array 1,2":                           []float64{1, 2},
		"Null null":                           qjswasm.TypedArray[float64](nil),
	} {
		require.NoError(t, rt.Set("a", v))
		assert.Equal(t, want, eval(t, rt, show).String())
	}
	// As a field, and shared.
	s := qjswasm.TypedArray[float64]{1, 2}
	require.NoError(t, rt.Set("a", struct {
		X, Y qjswasm.TypedArray[float64]
		Z    []any
	}{s, s, []any{s}}))
	assert.True(t, eval(t, rt, "a.X instanceof Float64Array && a.X === a.Y && a.X === a.Z[0]").Bool())
}

func TestTypedArrayToGo(t *testing.T) {
	rt := newRuntime(t, nil)
	assert.Equal(t, []float64{1.5, -2}, evalTo[[]float64](t, rt, "new Float64Array([1.5, -2])"))
	assert.Equal(t, readings{1.5}, evalTo[readings](t, rt, "new Float32Array([1.5])"))
	assert.Equal(t, qjswasm.TypedArray[int16]{-3}, evalTo[qjswasm.TypedArray[int16]](t, rt, "new Int16Array([-3])"))
	assert.Equal(t, []uint64{1 << 63}, evalTo[[]uint64](t, rt, "new BigUint64Array([1n << 63n])"))
	assert.Equal(t, [2]int32{1, 2}, evalTo[[2]int32](t, rt, "new Int32Array([1, 2])"))
	assert.Equal(t, []byte{255}, evalTo[[]byte](t, rt, "new Uint8ClampedArray([300])"))
	assert.Equal(t, []uint32{}, evalTo[[]uint32](t, rt, "new Uint32Array(0)"))
	assert.Equal(t, qjswasm.TypedArray[float64]{1}, evalTo[qjswasm.TypedArray[float64]](t, rt, "[1]"), "an Array too")
	// Element by element, and exactly, where the types differ.
	assert.Equal(t, []int{1, 2}, evalTo[[]int](t, rt, "new Uint8Array([1, 2])"))
	assert.Equal(t, []byte{1, 2}, evalTo[[]byte](t, rt, "new Float64Array([1, 2])"))
	assert.Equal(t, []float32{0.5}, evalTo[[]float32](t, rt, "new Float16Array([0.5])"))
	_, err := qjswasm.Eval[[]byte](ctx, rt, "new Int16Array([1, 256])")
	require.ErrorContains(t, err, "[1]")
	_, err = qjswasm.Eval[[3]int32](ctx, rt, "new Int32Array(2)")
	require.Error(t, err)
	_, err = qjswasm.Eval[string](ctx, rt, "new Int32Array(2)")
	require.Error(t, err)

	// A view at an offset, and one whose address is not a multiple of its elements'.
	assert.Equal(t, []float64{2}, evalTo[[]float64](t, rt, "new Float64Array([1, 2, 3]).subarray(1, 2)"))
	assert.Equal(t, []uint16{0x0403}, evalTo[[]uint16](t, rt, "new Uint16Array(new Uint8Array([1, 2, 3, 4]).buffer, 2)"))
	// Detached and out of bounds are empty.
	assert.Empty(t, evalTo[[]float64](t, rt, "const d = new Float64Array(3); d.buffer.transfer(); d"))
	assert.Empty(t, evalTo[[]int8](t, rt, "const e = new Int8Array(new ArrayBuffer(8, {maxByteLength: 8}), 4, 4); e.buffer.resize(6); e"))

	shared := evalTo[struct{ A, B []float64 }](t, rt, "const s = new Float64Array(2); ({A: s, B: s})")
	shared.A[0] = 7
	assert.Equal(t, shared.A, shared.B, "one JS object is one slice")
	both := evalTo[struct {
		A []float64
		B []int
	}](t, rt, "const u = new Float64Array([1]); ({A: u, B: u})")
	assert.Equal(t, []int{1}, both.B)
}

func TestTypedArrayArguments(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("sum", func(s []float64, scale float64) (n float64) {
		for _, x := range s {
			n += x * scale
		}
		return n
	}))
	for code, want := range map[string]float64{
		"sum(new Float64Array([1, 2]), 2)":                6,
		"sum([1, 2], 2)":                                  6,
		"sum(new Int8Array([1, 2]), 2)":                   6,
		"sum(new Float64Array(0), 2)":                     0,
		"sum(null, 2)":                                    0,
		"sum(new Float64Array([1, 2, 3]).subarray(1), 1)": 5,
	} {
		assert.InDelta(t, want, eval(t, rt, code).Float64(), 0, code)
	}
	assert.Contains(t, eval(t, rt, "try { sum('1', 2) } catch (e) { String(e) }").String(), "[]float64")

	var kept [][]byte
	require.NoError(t, rt.Set("keep", func(b []byte) int { kept = append(kept, b); return len(b) }))
	eval(t, rt, "const k = new Uint8Array([1, 2]); keep(k); k[0] = 9; keep(k); keep(k.buffer); keep(new Uint8Array(0))")
	assert.Equal(t, [][]byte{{1, 2}, {9, 2}, {9, 2}, {}}, kept, "an argument is a copy")
	assert.Equal(t, "2,1", eval(t, rt, "keep(null); String(keep([3, 4])) + ',' + keep(new Uint16Array([5]))").String())

	require.NoError(t, rt.Set("twice", func(s qjswasm.TypedArray[float32]) qjswasm.TypedArray[float32] {
		for i := range s {
			s[i] *= 2
		}
		return s
	}))
	assert.Equal(t, "true 3", eval(t, rt, "const w = twice(new Float32Array([1.5])); (w instanceof Float32Array) + ' ' + w").String())
}

// What is large crosses by other means than what is small.
func TestLargeValues(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("id", func(x any) any { return x }))
	id, err := qjswasm.As[func(any) (any, error)](eval(t, rt, "(x => x)"))
	require.NoError(t, err)
	for _, unit := range []string{"x", "é", "xé", "語", "😀", "x\u00ff\u0100", "\x00", "\ufffd"} {
		for _, n := range []int{1, 1024, 2048, 4095, 4096, 140_001} {
			s := strings.Repeat(unit, n)
			want := eval(t, rt, "x => x.length")
			got, err := want.Call(ctx, nil, s)
			require.NoError(t, err)
			require.Equal(t, int64(len(utf16Of(s))), got.Int64(), "%q × %d", unit, n)
			x, err := id(s)
			require.NoError(t, err)
			require.True(t, x == s, "%q × %d", unit, n)
			x, err = id([]any{s, map[string]any{s: s}, s})
			require.NoError(t, err)
			require.Equal(t, []any{s, map[string]any{s: s}, s}, x)
			require.NoError(t, rt.Set("s", s))
			require.True(t, eval(t, rt, "id(s) === s && id([s, {s}])[1].s === s").Bool(), "%q × %d", unit, n)
		}
	}
	// Invalid UTF-8, lone surrogates, parts of strings, ropes.
	bad := strings.Repeat("x", 5000) + "\xff"
	x, err := id(bad)
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("x", 5000)+"\ufffd", x)
	lone := eval(t, rt, "globalThis.lone = 'a'.repeat(9000) + '\\ud800'; lone")
	require.NoError(t, rt.Set("back", lone))
	assert.True(t, eval(t, rt, "back === lone").Bool())
	assert.Equal(t, strings.Repeat("a", 9000)+"\ufffd", evalTo[[]string](t, rt, "[lone]")[0])
	assert.Equal(t, strings.Repeat("語", 5000), evalTo[[]string](t, rt, "['xx' + '語'.repeat(9000)].map(s => s.slice(2, 5002))")[0])
	assert.Len(t, evalTo[[]string](t, rt, "let r = ''; for (let i = 0; i < 9000; i++) r += i % 10; [r]")[0], 9000)

	for _, n := range []int{0, 4095, 4096, 1 << 20} {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i * 7)
		}
		x, err := id(b)
		require.NoError(t, err)
		require.Equal(t, b, x)
		x, err = id([]any{b, qjswasm.ArrayBuffer(b), b})
		require.NoError(t, err)
		require.Equal(t, []any{b, qjswasm.ArrayBuffer(b), b}, x)
		require.NoError(t, rt.Set("b", qjswasm.ArrayBuffer(b)))
		// Like one that JS made: it can be detached and changed.
		require.True(t, eval(t, rt, "(() => { const n = b.byteLength, u = new Uint8Array(b.transfer(n + 1)); u[n] = 3; return u.length === n + 1 && b.detached && !b.resizable })()").Bool())
	}
	// A large result is not kept for longer than it is read.
	before := collect(t, rt).GuestBytes
	_, err = qjswasm.Eval[[]byte](ctx, rt, "new Uint8Array(8 << 20)")
	require.NoError(t, err)
	assert.Less(t, collect(t, rt).GuestBytes, before+1<<20)
	// What was made for a request that failed is gone.
	huge := strings.Repeat("x", 20<<20)
	_, err = rt.NewValue([]any{huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge, huge})
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)
	_, err = rt.NewValue(huge)
	require.NoError(t, err)
	assert.Less(t, collect(t, rt).GuestBytes, before+1<<20)
}

func utf16Of(s string) []rune {
	var units []rune
	for _, r := range s {
		units = append(units, r)
		if r > 0xffff {
			units = append(units, 0)
		}
	}
	return units
}
