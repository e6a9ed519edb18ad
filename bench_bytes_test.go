package qjswasm_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// Bytes and long strings in and out, with a plain Go copy of as much to compare.
func BenchmarkBulk(b *testing.B) {
	rt := newRuntime(b, nil)
	run := func(name string, size int, f func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	mega := []byte(strings.Repeat("0123456789abcdef", 1<<16))
	var kept []byte
	run("bytes1M/copy", len(mega), func() error { kept = append([]byte(nil), mega...); return nil })
	run("bytes1M/in", len(mega), func() error {
		v, err := rt.NewValue(mega)
		if err == nil {
			v.Close()
		}
		return err
	})
	v, err := rt.NewValue(mega)
	require.NoError(b, err)
	run("bytes1M/out", len(mega), func() (err error) { kept, err = qjswasm.As[[]byte](v); return err })
	floats := make([]float64, 1<<17)
	for i := range floats {
		floats[i] = float64(i)
	}
	run("floats1M/in", len(mega), func() error {
		v, err := rt.NewValue(qjswasm.TypedArray[float64](floats))
		if err == nil {
			v.Close()
		}
		return err
	})
	fv, err := rt.NewValue(qjswasm.TypedArray[float64](floats))
	require.NoError(b, err)
	run("floats1M/out", len(mega), func() (err error) { floats, err = qjswasm.As[[]float64](fv); return err })
	_ = kept

	length, err := qjswasm.As[func(context.Context, string) (float64, error)](eval(b, rt, "(s => s.length)"))
	require.NoError(b, err)
	for name, s := range map[string]string{
		"ascii10K": strings.Repeat("x", 10<<10), "ascii1M": strings.Repeat("x", 1<<20),
		"latin1M": strings.Repeat("xxxxxxxé", 1<<17), "utf16-1M": strings.Repeat("xxé語", 1<<18),
	} {
		var t string
		run(name+"/copy", len(s), func() error { t = strings.Clone(s); return nil })
		run(name+"/in", len(s), func() error { _, err := length(ctx, s); return err })
		require.NoError(b, rt.Set("s", s))
		get, err := qjswasm.As[func(context.Context) (string, error)](eval(b, rt, "(() => s)"))
		require.NoError(b, err)
		t, err = get(ctx)
		require.NoError(b, err)
		require.Equal(b, s, t)
		run(name+"/out", len(s), func() (err error) { t, err = get(ctx); return err })
	}
}
