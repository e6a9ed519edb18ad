package qjswasm_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// viewed is a copy of what ViewBytes shows.
func viewed(t testing.TB, v *qjswasm.Value) []byte {
	t.Helper()
	b := []byte{}
	require.NoError(t, v.ViewBytes(func(view []byte) error { b = append(b, view...); return nil }))
	return b
}

func TestViewBytes(t *testing.T) {
	rt := newRuntime(t, nil)
	for code, want := range map[string][]byte{
		"new Uint8Array([1, 2, 3]).buffer":                        {1, 2, 3},
		"new Uint8Array([1, 2, 3])":                               {1, 2, 3},
		"new Uint8ClampedArray([300])":                            {255},
		"new Uint8Array([1, 2, 3, 4]).subarray(1, 3)":             {2, 3},
		"new Uint16Array([1, 2, 3]).subarray(1)":                  {2, 0, 3, 0},
		"new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)": {2, 3},
		"new DataView(new ArrayBuffer(2, {maxByteLength: 9}))":    {0, 0},
		"new SharedArrayBuffer(2)":                                {0, 0},
		"new ArrayBuffer(0)":                                      {},
		"new Float64Array(0)":                                     {},
		"new DataView(new ArrayBuffer(4), 4)":                     {},
		"new Uint8Array([7]).buffer.transferToImmutable()":        {7},
		"new Float32Array([1])":                                   {0, 0, 0x80, 0x3f},
		"new BigInt64Array([-1n])":                                bytes.Repeat([]byte{255}, 8),
		"const r = new ArrayBuffer(8, {maxByteLength: 16}); const u = new Uint8Array(r); r.resize(10); u": make([]byte, 10),
		"const q = new ArrayBuffer(8, {maxByteLength: 16}); const w = new Uint16Array(q); q.resize(3); w": make([]byte, 2),
	} {
		assert.Equal(t, want, viewed(t, eval(t, rt, code)), code)
	}
	for _, code := range []string{
		"const d = new ArrayBuffer(8); d.transfer(); d",
		"const e = new Uint8Array(8); e.buffer.transfer(); e",
		"const f = new DataView(new ArrayBuffer(8)); f.buffer.transfer(); f",
		"const g = new Uint8Array(new ArrayBuffer(8, {maxByteLength: 8}), 4, 4); g.buffer.resize(6); g",
		"const h = new DataView(new ArrayBuffer(8, {maxByteLength: 8}), 4, 4); h.buffer.resize(6); h",
		"const i = new DataView(new ArrayBuffer(8, {maxByteLength: 8}), 4); i.buffer.resize(3); i",
		"const j = new Uint8Array(new ArrayBuffer(8, {maxByteLength: 8}), 4); j.buffer.resize(3); j",
	} {
		v := eval(t, rt, code)
		require.ErrorIs(t, v.ViewBytes(func([]byte) error { panic("called") }), qjswasm.ErrDetached, code)
		_, err := v.ReadAt(make([]byte, 1), 0)
		require.ErrorIs(t, err, qjswasm.ErrDetached, code)
	}
	for _, code := range []string{"1", "'x'", "[1]", "({length: 1, byteLength: 1})", "new Proxy(new Uint8Array(1), {})", "Symbol()"} {
		var convert *qjswasm.ConvertError
		require.ErrorAs(t, eval(t, rt, code).ViewBytes(nil), &convert, code)
	}
}

func TestViewBytesIsTheMemory(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "globalThis.b = new Uint8Array(4); globalThis.words = new Uint16Array(b.buffer, 2); b")
	require.NoError(t, v.ViewBytes(func(b []byte) error {
		assert.Equal(t, 4, cap(b), "nothing beyond is in reach")
		copy(b, []byte{1, 2, 3, 4})
		return nil
	}))
	assert.Equal(t, "1,2,3,4 1027", eval(t, rt, "b + ' ' + words").String())
	immutable := eval(t, rt, "globalThis.i = b.buffer.transferToImmutable()")
	require.NoError(t, immutable.ViewBytes(func(b []byte) error { b[0] = 9; return nil }))
	assert.Equal(t, int64(1), eval(t, rt, "new Uint8Array(i)[0]").Int64())
	_, err := immutable.WriteAt([]byte{9}, 0)
	require.ErrorIs(t, err, qjswasm.ErrImmutable)
	assert.Equal(t, int64(1), eval(t, rt, "new Uint8Array(i)[0]").Int64())
}

func TestViewBytesKeepsOthersOut(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "globalThis.b = new Uint8Array(4)")
	boom := errors.New("boom")
	require.ErrorIs(t, v.ViewBytes(func(b []byte) error {
		_, err := rt.Eval(ctx, "b.buffer.transfer()")
		require.ErrorIs(t, err, qjswasm.ErrConcurrentUse)
		require.ErrorIs(t, v.ViewBytes(func([]byte) error { return nil }), qjswasm.ErrConcurrentUse)
		require.ErrorIs(t, rt.Close(), qjswasm.ErrBusy)
		done := make(chan error)
		go func() { _, err := v.ReadAt(make([]byte, 1), 0); done <- err }()
		require.ErrorIs(t, <-done, qjswasm.ErrConcurrentUse)
		b[0] = 1
		return boom
	}), boom)
	require.PanicsWithValue(t, "out", func() { _ = v.ViewBytes(func([]byte) error { panic("out") }) })
	var wg sync.WaitGroup
	wg.Go(func() { _ = v.ViewBytes(func([]byte) error { goexit(); return nil }) })
	wg.Wait()
	assert.Equal(t, "1,0,0,0", eval(t, rt, "String(b)").String())

	v.Close()
	require.ErrorIs(t, v.ViewBytes(func([]byte) error { return nil }), qjswasm.ErrReleased)
	require.NoError(t, rt.Close())
	require.ErrorIs(t, v.ViewBytes(func([]byte) error { return nil }), qjswasm.ErrClosed)
	_, err := rt.NewArrayBuffer(1, nil)
	require.ErrorIs(t, err, qjswasm.ErrClosed)
}

func TestDebugViews(t *testing.T) {
	rt := newRuntime(t, &qjswasm.Options{DebugViews: true})
	v := eval(t, rt, "globalThis.b = new Uint8Array([1, 2])")
	var kept []byte
	require.NoError(t, v.ViewBytes(func(b []byte) error { kept = b; b[1] = 3; return nil }))
	assert.Equal(t, []byte{0xdb, 0xdb}, kept, "found out")
	kept[0] = 9
	assert.Equal(t, "1,3", eval(t, rt, "String(b)").String(), "what f wrote, and nothing later")
	require.Panics(t, func() { _ = v.ViewBytes(func(b []byte) error { kept = b; panic("out") }) })
	assert.Equal(t, []byte{0xdb, 0xdb}, kept)
}

func TestNewArrayBuffer(t *testing.T) {
	rt := newRuntime(t, nil)
	v, err := rt.NewArrayBuffer(5, func(b []byte) error {
		assert.Equal(t, make([]byte, 5), b)
		copy(b[1:], "abc")
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, qjswasm.KindArrayBuffer, v.Kind())
	require.NoError(t, rt.Set("b", v))
	assert.Equal(t, "0,97,98,99,0", eval(t, rt, "String(new Uint8Array(b))").String())
	v, err = rt.NewArrayBuffer(0, nil)
	require.NoError(t, err)
	assert.Empty(t, viewed(t, v))

	before := collect(t, rt).Roots
	boom := errors.New("boom")
	v, err = rt.NewArrayBuffer(8, func([]byte) error { return boom })
	require.ErrorIs(t, err, boom)
	require.Nil(t, v)
	require.Panics(t, func() { _, _ = rt.NewArrayBuffer(8, func([]byte) error { panic("out") }) })
	assert.Equal(t, before, collect(t, rt).Roots, "what was not filled is released")

	for _, n := range []int64{-1, math.MaxInt32 + 1, math.MinInt32} {
		if int64(int(n)) != n {
			continue // no int on this machine
		}
		_, err := rt.NewArrayBuffer(int(n), nil)
		var js *qjswasm.Error
		require.ErrorAs(t, err, &js, n)
		assert.Equal(t, "RangeError", js.Name)
	}
	_, err = rt.NewArrayBuffer(1<<30, nil)
	require.ErrorIs(t, err, qjswasm.ErrMemoryLimit)
	requireUsable(t, rt)

	bare := newRuntime(t, &qjswasm.Options{Intrinsics: qjswasm.IntrinsicCore})
	_, err = bare.NewArrayBuffer(1, nil)
	require.ErrorContains(t, err, "ArrayBuffer")
}

func TestReadAtWriteAt(t *testing.T) {
	rt := newRuntime(t, nil)
	v := eval(t, rt, "globalThis.r = new ArrayBuffer(10, {maxByteLength: 20})")
	n, err := v.WriteAt([]byte("hello"), 7)
	assert.Equal(t, 3, n)
	require.ErrorIs(t, err, io.ErrShortWrite)
	n, err = io.NewOffsetWriter(v, 0).Write([]byte("abcdefg"))
	assert.Equal(t, 7, n)
	require.NoError(t, err)
	b, err := io.ReadAll(io.NewSectionReader(v, 0, math.MaxInt64))
	require.NoError(t, err)
	assert.Equal(t, "abcdefghel", string(b))

	r := io.NewSectionReader(v, 0, math.MaxInt64)
	_, err = io.ReadFull(r, b[:4])
	require.NoError(t, err)
	eval(t, rt, "r.resize(6)") // between two reads
	b, err = io.ReadAll(r)
	require.NoError(t, err)
	assert.Equal(t, "ef", string(b))
	eval(t, rt, "r.transfer()")
	_, err = r.Read(make([]byte, 1))
	require.ErrorIs(t, err, qjswasm.ErrDetached)

	v = eval(t, rt, "new Uint8Array([1, 2])")
	for _, off := range []int64{2, 3, math.MaxInt64} {
		n, err = v.ReadAt(make([]byte, 1), off)
		assert.Zero(t, n)
		require.ErrorIs(t, err, io.EOF)
		n, err = v.WriteAt(make([]byte, 1), off)
		assert.Zero(t, n)
		require.ErrorIs(t, err, io.ErrShortWrite)
	}
	_, err = v.ReadAt(nil, -1)
	require.Error(t, err)
	_, err = v.WriteAt(nil, -1)
	require.Error(t, err)
	n, err = v.ReadAt(nil, 0)
	assert.Zero(t, n)
	require.NoError(t, err)
}

func TestCallViewBytes(t *testing.T) {
	rt := newRuntime(t, nil)
	require.NoError(t, rt.Set("fill", func(c *qjswasm.Call) error {
		return c.ViewBytes(0, func(b []byte) error {
			_, err := c.Runtime().Eval(ctx, "1")
			require.ErrorIs(t, err, qjswasm.ErrConcurrentUse)
			for i := range b {
				b[i] = byte(i)
			}
			c.ReturnInt64(int64(len(b)))
			return nil
		})
	}))
	assert.Equal(t, "3 0,1,2", eval(t, rt, "const a = new Uint8Array(3); fill(a) + ' ' + a").String())
	assert.Equal(t, "2 5,0,1,5", eval(t, rt, "const m = new Uint8Array(4).fill(5); fill(new DataView(m.buffer, 1, 2)) + ' ' + m").String())
	assert.Equal(t, "ConvertError", eval(t, rt, "try { fill() } catch (e) { 'ConvertError' }").String())
	// A callback may view what its own caller views no longer, at any depth.
	require.NoError(t, rt.Set("again", func(c *qjswasm.Call) error {
		v := c.Arg(0)
		if _, err := c.Runtime().Eval(c.Context(), "fill(new Uint8Array(9))"); err != nil {
			return err
		}
		return v.ViewBytes(func(b []byte) error { b[0] = 42; return nil })
	}))
	assert.Equal(t, "42,0", eval(t, rt, "const z = new Uint8Array(2); again(z); String(z)").String())
}

func TestBytesDoNotAllocate(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // each collection of Go leaves something to do
	rt := newRuntime(t, nil)
	v := eval(t, rt, "globalThis.b = new Uint8Array(100000)")
	sum := 0
	require.Zero(t, testing.AllocsPerRun(100, func() {
		_ = v.ViewBytes(func(b []byte) error { sum += len(b); return nil })
	}), "ViewBytes")
	p := make([]byte, 10)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = v.ReadAt(p, 5) }), "ReadAt")
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = v.WriteAt(p, 5) }), "WriteAt")

	for name, c := range map[string]struct {
		fn    any
		call  string
		bound float64
	}{
		"raw numbers":   {func(c *qjswasm.Call) error { c.ReturnFloat64(c.Float64(0) + c.Float64(1)); return nil }, "f(1, i)", 0},
		"raw string":    {func(c *qjswasm.Call) error { sum += len(c.Str(0)); return nil }, "f('a string')", 1},
		"raw long":      {func(c *qjswasm.Call) error { sum += len(c.Str(0)); return nil }, "f(s)", 1},
		"raw view":      {func(c *qjswasm.Call) error { return c.ViewBytes(0, func(b []byte) error { sum += len(b); return nil }) }, "f(b)", 0},
		"typed string":  {func(s string) int { return len(s) }, "f('a string')", 1},
		"typed long":    {func(s string) int { return len(s) }, "f(s)", 1},
		"typed bytes":   {func(b []byte) int { return len(b) }, "f(b)", 1},
		"typed mixed":   {func(s string, b []byte) (bool, error) { return len(s) > len(b), nil }, "f('a string', b)", 2},
		"typed integer": {func(i int) int { return i + 1 }, "f(i)", 0},
		"typed three":   {func(x, y, z float64) float64 { return x + y + z }, "f(i, 1, 2.5)", 0},
		"typed context": {func(ctx context.Context, i int64) (bool, error) { return i > 5, ctx.Err() }, "f(i)", 0},
		"return bytes":  {func() []byte { return p }, "f()", 0},
		"return string": {func(i int) string { return "a string" }, "f(i)", 0},
	} {
		require.NoError(t, rt.Set("f", c.fn))
		require.NoError(t, rt.Set("s", strings.Repeat("x", 20000)))
		loop, err := qjswasm.As[func(context.Context, float64) (float64, error)](
			eval(t, rt, "(n => { let x; for (let i = 0; i < n; i++) x = "+c.call+"; return n })"))
		require.NoError(t, err)
		assert.InDelta(t, c.bound*100, testing.AllocsPerRun(10, func() { _, _ = loop(ctx, 100) }), 5, name)
	}

	upper, err := qjswasm.As[func(context.Context, string) (string, error)](eval(t, rt, "(s => s)"))
	require.NoError(t, err)
	require.EqualValues(t, 1, testing.AllocsPerRun(100, func() { _, _ = upper(ctx, "a string") }), "the result")
	count, err := qjswasm.As[func(string) (int, error)](eval(t, rt, "(s => s.length)"))
	require.NoError(t, err)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = count("a string") }))
	send, err := qjswasm.As[func(context.Context, []byte) error](eval(t, rt, "(b => {})"))
	require.NoError(t, err)
	large := make([]byte, 1<<16)
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = send(ctx, large) }), "large bytes to JS")
}

// A guest that was taken over can say of a typed array what it likes.
func TestForgedTypedArrays(t *testing.T) {
	for name, forge := range map[string]func(object []byte){
		"address beyond":  func(o []byte) { binary.LittleEndian.PutUint32(o[28:], 0xfffffff0) },
		"count beyond":    func(o []byte) { binary.LittleEndian.PutUint32(o[32:], 0xffffffff) },
		"both just above": func(o []byte) { copy(o[28:], "\xff\xff\xff\x7f\xff\xff\xff\x7f") },
	} {
		for _, fn := range []any{func([]byte) {}, func([]float64) {}, func([]float64, int) {}} {
			t.Run(name, func(t *testing.T) {
				rt := newRuntime(t, nil)
				require.NoError(t, rt.Set("forge", func(c *qjswasm.Call) error {
					all := c.Addresses()
					forge(rt.GuestMemory()[all[len(all)-1]:])
					return nil
				}))
				require.NoError(t, rt.Set("f", fn))
				array := "Float64Array"
				if _, ok := fn.(func([]byte)); ok {
					array = "Uint8Array"
				}
				_, err := rt.Eval(ctx, "const a = new "+array+"(64); forge(a); f(a, 1)")
				require.Error(t, err)
				require.Error(t, rt.Dead())
			})
		}
	}
}
