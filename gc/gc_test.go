package gc

import (
	"encoding/binary"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/qjswasm/qjswasm/callables"
)

func TestReleaseQueueManyProducers(t *testing.T) {
	const producers, each = 8, 1000
	var q ReleaseQueue
	var wg sync.WaitGroup
	for p := range uint32(producers) {
		wg.Go(func() {
			for i := range uint32(each) {
				q.Push(Root{Index: p*each + i, Generation: 1})
			}
		})
	}
	seen := map[Root]int{}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		for _, r := range q.Take() {
			seen[r]++
		}
	}
	require.Len(t, seen, producers*each)
	for r, n := range seen {
		assert.Equal(t, 1, n, "%v", r)
	}
	assert.Zero(t, q.Len())
	assert.Empty(t, q.Take())
}

func batch(handles ...callables.Handle) []byte {
	var b []byte
	for _, h := range handles {
		b = binary.LittleEndian.AppendUint64(b, uint64(h))
	}
	return b
}

func TestDispatch(t *testing.T) {
	var r callables.Registry[string]
	names := []string{"a", "b", "c"}
	var h []callables.Handle
	for i := range names {
		h = append(h, r.Add(&names[i]))
	}
	var released []string
	hook := func(e *string) {
		assert.Nil(t, r.Lookup(h[0]), "removed before the hook runs")
		released = append(released, *e)
	}
	// Twice the same, one made up, zero, and a torn word at the end.
	Dispatch(&r, append(batch(h[0], h[2], h[0], 1<<40|77, 0), 1, 2, 3), hook)
	assert.Equal(t, []string{"a", "c"}, released)
	assert.Equal(t, 1, r.Len())
	assert.Equal(t, &names[1], r.Lookup(h[1]))

	Dispatch(&r, batch(h[1]), nil)
	assert.Zero(t, r.Len())
}

func TestAllRootsThatAreInUse(t *testing.T) {
	var roots Roots
	kept := make([]*Anchor, 0, 600)
	for i := range uint32(600) {
		a := new(MakeAnchor(Root{Index: 5 * i, Generation: 1}))
		roots.Hold(a)
		if i%2 == 0 {
			kept = append(kept, a)
		}
	}
	roots.Remove(kept[7].Name())
	runtime.GC()
	var all []*Anchor
	for a := range roots.All() {
		all = append(all, a)
	}
	assert.Equal(t, append(append([]*Anchor{}, kept[:7]...), kept[8:]...), all)
	for a := range roots.All() {
		assert.Same(t, kept[0], a)
		break
	}
}
