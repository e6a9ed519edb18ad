package qjswasm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm"
)

type benchOrder struct {
	ID    int      `js:"id"`
	Name  string   `js:"name"`
	Total float64  `js:"total"`
	Tags  []string `js:"tags"`
}

func benchOrders() []benchOrder {
	orders := make([]benchOrder, 1000)
	for i := range orders {
		orders[i] = benchOrder{i, fmt.Sprint("order ", i), float64(i) + 0.5, []string{"a", "b"}}
	}
	return orders
}

func BenchmarkNewValue(b *testing.B) {
	rt := newRuntime(b, nil)
	orders := benchOrders()
	list := make([]any, len(orders))
	for i, o := range orders {
		list[i] = map[string]any{"id": o.ID, "name": o.Name, "total": o.Total, "tags": []any{"a", "b"}}
	}
	for name, x := range map[string]any{
		"structs": orders, "maps": list, "string10K": strings.Repeat("0123456789", 1000), "bytes10K": make([]byte, 10_000), "int": 42,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v, err := rt.NewValue(x)
				require.NoError(b, err)
				v.Close()
			}
		})
	}
}

func BenchmarkExport(b *testing.B) {
	rt := newRuntime(b, nil)
	v, err := rt.NewValue(benchOrders())
	require.NoError(b, err)
	b.Run("any", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := v.Export()
			require.NoError(b, err)
		}
	})
	b.Run("structs", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var orders []benchOrder
			require.NoError(b, v.ExportTo(&orders))
		}
	})
	n := eval(b, rt, "42")
	b.Run("int", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var i int
			require.NoError(b, n.ExportTo(&i))
		}
	})
}

// Typed functions that are called by reflection, 1000 times in an iteration.
func BenchmarkTypedFunc(b *testing.B) {
	rt := newRuntime(b, nil)
	for name, f := range map[string]any{
		"ints":   func(a, b int) int { return a + b },
		"string": func(s string, n int) int { return len(s) + n },
		"struct": func(o benchOrder) float64 { return o.Total },
	} {
		args := map[string]string{"ints": "1, 2", "string": "'abc', 2", "struct": "{id: 1, name: 'n', total: 1.5, tags: ['a']}"}[name]
		b.Run(name, func(b *testing.B) {
			require.NoError(b, rt.Set("f", f))
			run, err := qjswasm.Eval[func() error](ctx, rt, "() => { for (let i = 0; i < 1000; i++) f("+args+") }")
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, run())
			}
		})
	}
}
