package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

// BenchmarkSequence is an iteration of a script over a Go sequence, of one step and of a
// thousand.
func BenchmarkSequence(b *testing.B) {
	for _, c := range []struct {
		name  string
		steps int
	}{{"1", 1}, {"1000", 1000}} {
		b.Run(c.name, func(b *testing.B) {
			rt := newRuntime(b, nil)
			require.NoError(b, rt.Set("seq", func(yield func(int) bool) {
				for i := 0; i < c.steps && yield(i); i++ {
				}
			}))
			run, err := qjswasm.Eval[func() (int, error)](ctx, rt, `(() => {
				let s = 0
				for (const x of seq) s += x
				return s
			})`)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
