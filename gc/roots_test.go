package gc

import (
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type owner struct {
	anchor Anchor
}

func hold(t *Roots, index, generation uint32) *owner {
	o := &owner{anchor: MakeAnchor(Root{index, generation})}
	t.Hold(&o.anchor)
	return o
}

func TestRoots(t *testing.T) {
	var roots Roots
	a, b := hold(&roots, 3, 1), hold(&roots, 1000, 2)
	got, known := roots.Find(Root{3, 1})
	assert.True(t, known)
	assert.Same(t, &a.anchor, got)
	for _, r := range []Root{{3, 0}, {3, 2}, {4, 1}, {4, 0}, {1 << 31, 1}, {1000, 1}} {
		_, known := roots.Find(r)
		assert.False(t, known, r)
		assert.False(t, roots.Remove(r), r)
	}
	assert.EqualValues(t, 2, roots.Live())
	assert.True(t, roots.Remove(Root{1000, 2}))
	assert.False(t, roots.Remove(Root{1000, 2}))
	assert.Len(t, roots.chunks, 1, "the table shrinks")
	assert.EqualValues(t, 1, roots.Live())
	assert.EqualValues(t, 2, roots.Made())

	// A slot that is used again while its last owner is still around.
	again := hold(&roots, 3, 2)
	assert.EqualValues(t, 1, roots.Live())
	_, known = roots.Find(Root{3, 1})
	assert.False(t, known)
	runtime.KeepAlive(a)
	runtime.KeepAlive(b)
	runtime.KeepAlive(again)
}

func TestRootsSweep(t *testing.T) {
	var roots Roots
	WatchCollector()
	var kept []*owner
	for i := range uint32(2000) {
		o := hold(&roots, i, 1)
		if i%7 == 0 {
			kept = append(kept, o)
		}
	}
	runtime.GC()
	dead := map[Root]bool{}
	found := func(r Root) {
		require.False(t, dead[r], "once")
		dead[r] = true
	}
	roots.Sweep(1, found)
	assert.NotEmpty(t, dead)
	assert.Less(t, len(dead), 1<<rootChunkBits, "in parts")
	roots.SweepAll(found)
	assert.Len(t, dead, 2000-len(kept))
	assert.EqualValues(t, len(kept), roots.Live())
	for _, o := range kept {
		a, known := roots.Find(o.anchor.Name())
		assert.True(t, known)
		assert.Same(t, &o.anchor, a)
	}
	kept = nil
	for i := 0; roots.Live() > 0; i++ { // as entries do
		require.Less(t, i, 1000)
		runtime.GC()
		if roots.Unswept() {
			roots.Sweep(4096, found)
		}
	}
	assert.Empty(t, roots.chunks)
}

// An anchor keeps what its group holds, and its use promotes it.
func TestAnchor(t *testing.T) {
	f := &fakeHeld{}
	inner := &Group{promoting: new(sync.Mutex), held: []Held{f}}
	outer := &Group{promoting: inner.promoting, children: []*Group{inner}}
	a := MakeAnchor(Root{1, 2})
	a.Hold(outer)
	assert.Equal(t, Root{1, 2}, a.Name())
	assert.Zero(t, f.promoted, "to name it is not to use it")
	assert.Equal(t, Root{1, 2}, a.Use())
	assert.Equal(t, 1, f.promoted)
	assert.True(t, inner.strong)
	a.Use()
	assert.Equal(t, 1, f.promoted)
}
