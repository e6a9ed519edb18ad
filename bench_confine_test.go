package qjswasm_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

func BenchmarkFreeze(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		rt, err := qjswasm.New(ctx, nil)
		require.NoError(b, err)
		b.StartTimer()
		require.NoError(b, rt.Freeze(ctx))
		b.StopTimer()
		require.NoError(b, rt.Close())
		b.StartTimer()
	}
}

// BenchmarkFrozenAccess compares what scripts do all the time on ordinary and on
// frozen built-ins.
func BenchmarkFrozenAccess(b *testing.B) {
	for _, frozen := range []bool{false, true} {
		for _, work := range []struct{ name, code string }{
			{"get", `const o = { x: 1 }; let n = 0; for (let i = 0; i < 1e5; i++) n += o.x; n`},
			{"set", `const o = { x: 1 }; for (let i = 0; i < 1e5; i++) o.x = i`},
			{"add", `for (let i = 0; i < 3e4; i++) { const o = {}; o.a = i; o.b = i }`},
			{"method", `const a = [1]; let n = 0; for (let i = 0; i < 3e4; i++) n += a.indexOf(1); n`},
			{"push", `const a = []; for (let i = 0; i < 5e4; i++) a.push(i)`},
			{"index", `const a = []; for (let i = 0; i < 5e4; i++) a[i] = i`},
		} {
			b.Run(fmt.Sprintf("%s/frozen=%v", work.name, frozen), func(b *testing.B) {
				rt := newRuntime(b, nil)
				if frozen {
					require.NoError(b, rt.Freeze(ctx))
				}
				f := eval(b, rt, `(() => { `+work.code+` })`)
				for b.Loop() {
					_, err := f.Call(ctx, nil)
					require.NoError(b, err)
				}
			})
		}
	}
}

// BenchmarkNewRuntimeOfIntrinsics is what a set costs when it is new to an engine,
// and from then on.
func BenchmarkNewRuntimeOfIntrinsics(b *testing.B) {
	e, err := qjswasm.NewEngine(ctx, nil)
	require.NoError(b, err)
	defer e.Close(ctx)
	create := func(b *testing.B, set qjswasm.Intrinsics) {
		rt, err := e.NewRuntime(ctx, &qjswasm.Options{Intrinsics: qjswasm.IntrinsicCore | set})
		require.NoError(b, err)
		require.NoError(b, rt.Close())
	}
	b.Run("first", func(b *testing.B) {
		set := qjswasm.Intrinsics(0)
		for b.Loop() {
			set = (set + 2) & qjswasm.AllIntrinsics
			create(b, set)
		}
	})
	b.Run("later", func(b *testing.B) {
		for b.Loop() {
			create(b, 0)
		}
	})
}
