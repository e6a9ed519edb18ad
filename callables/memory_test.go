package callables

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMemoryOfAMillionEntriesComesBack(t *testing.T) {
	const entries = 1_000_000
	orders := map[string]func([]Handle){
		"oldest first": func([]Handle) {},
		"any order": func(handles []Handle) {
			rng := rand.New(rand.NewPCG(1, 0))
			rng.Shuffle(len(handles), func(i, j int) { handles[i], handles[j] = handles[j], handles[i] })
		},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			r := new(Registry[[32]byte])
			handles := make([]Handle, entries)
			before := heap()
			for i := range handles {
				handles[i] = r.Add(new([32]byte))
			}
			full := heap()
			require.Greater(t, full, before+entries*(32+24))
			order(handles)
			for _, h := range handles {
				if r.Remove(h) == nil {
					require.Fail(t, "live handle finds nothing", "%v", h)
				}
			}
			after := heap()
			t.Logf("heap: %d before, %d with %d entries, %d after", before, full, entries, after)
			// Tombstones and one chunk stay, about 34 KB.
			assert.InDelta(t, before, after, 64<<10)

			// Made again, the chunks must not make old handles valid.
			for range entries {
				r.Add(new([32]byte))
			}
			for _, h := range handles {
				if r.Lookup(h) != nil {
					require.Fail(t, "stale handle finds an entry", "%v", h)
				}
			}
		})
	}
}

func TestRemovedEntryIsNotKeptAlive(t *testing.T) {
	r := new(Registry[[64]byte])
	add := func() (Handle, weak.Pointer[[64]byte]) {
		e := new([64]byte)
		return r.Add(e), weak.Make(e)
	}
	removed, w1 := add()
	_, w2 := add()
	runtime.GC()
	require.NotNil(t, w1.Value())
	r.Remove(removed)
	runtime.GC()
	assert.Nil(t, w1.Value(), "removed entry is alive")
	assert.NotNil(t, w2.Value(), "registered entry is gone")
	r.Clear()
	runtime.GC()
	assert.Nil(t, w2.Value(), "cleared entry is alive")
	runtime.KeepAlive(r)
}

// heap returns the size of the live heap.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
