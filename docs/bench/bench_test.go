package bench

import (
	"maps"
	"slices"
	"testing"
)

// open makes every engine; tests and benchmarks share none.
func open(t testing.TB, f func(*Engine)) {
	for _, name := range slices.Sorted(maps.Keys(Engines)) {
		e, err := Engines[name]()
		if err != nil {
			t.Fatal(err)
		}
		f(e)
		e.Close()
	}
}

func TestResultsAreEqual(t *testing.T) {
	open(t, func(e *Engine) {
		for _, w := range Workloads {
			op, ok := e.Ops[w.Name]
			if !ok || op.Result == nil {
				continue
			}
			t.Run(w.Name+"/"+e.Name, func(t *testing.T) {
				if err := op.Check(w.Want); err != nil {
					t.Error(err)
				}
			})
		}
	})
}

// BenchmarkBoundary runs Workload/engine, one engine after another; cmd/compare
// interleaves them.
func BenchmarkBoundary(b *testing.B) {
	open(b, func(e *Engine) {
		for _, w := range Workloads {
			if op, ok := e.Ops[w.Name]; ok {
				b.Run(w.Name+"/"+e.Name, func(b *testing.B) {
					b.ReportAllocs()
					b.ResetTimer()
					if err := op.Run(b.N); err != nil {
						b.Fatal(err)
					}
				})
			}
		}
	})
}
