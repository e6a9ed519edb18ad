package qjswasm_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type liveCounter struct {
	Name  string  `js:"name"`
	Count int     `js:"count"`
	Ratio float64 `js:"ratio"`
	Inner struct {
		N int `js:"n"`
	} `js:"inner"`
	List []float64 `js:"list"`
}

// BenchmarkLiveField is a thousand operations of a script on a live object, loop
// and all.
func BenchmarkLiveField(b *testing.B) {
	for _, c := range []struct{ name, body string }{
		{"number", "s += o.count"},
		{"float", "s += o.ratio"},
		{"string", "s += o.name.length"},
		{"nested", "s += o.inner.n"},
		{"element", "s += o.list[i % 8]"},
		{"write", "o.count = i"},
		{"plain", "s += p.count"},
	} {
		b.Run(c.name, func(b *testing.B) {
			rt := newRuntime(b, nil)
			x := &liveCounter{Name: "counter", Count: 3, Ratio: 0.5, List: make([]float64, 8)}
			require.NoError(b, rt.Set("live", qjswasm.Live(x)))
			run, err := qjswasm.Eval[func() error](ctx, rt, `(() => {
				const o = live, p = { count: 3 }
				let s = 0
				for (let i = 0; i < 1000; i++) { `+c.body+` }
			})`)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
