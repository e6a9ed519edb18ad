package callables

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

var sizes = []int{1, 1_000, 1_000_000}

func BenchmarkLookup(b *testing.B) {
	for _, size := range sizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var r Registry[int]
			handles := shuffled(fill(b, &r, size))
			b.ReportAllocs()
			for i := 0; b.Loop(); {
				if r.Lookup(handles[i]) == nil {
					b.Fatal("live handle finds nothing")
				}
				if i++; i == len(handles) {
					i = 0
				}
			}
		})
	}
}

// BenchmarkAddRemove replaces one entry at a time of a registry whose size
// stays the same.
func BenchmarkAddRemove(b *testing.B) {
	for _, size := range sizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			var r Registry[int]
			handles := shuffled(fill(b, &r, size))
			b.ReportAllocs()
			for i := 0; b.Loop(); {
				handles[i] = r.Add(r.Remove(handles[i]))
				if i++; i == len(handles) {
					i = 0
				}
			}
		})
	}
}

func shuffled(handles []Handle) []Handle {
	rng := rand.New(rand.NewPCG(1, 0))
	rng.Shuffle(len(handles), func(i, j int) { handles[i], handles[j] = handles[j], handles[i] })
	return handles
}
