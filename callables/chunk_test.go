package callables

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSlotIsRetiredBeforeItsGenerationWraps(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 2)
	index := handles[0].Index()
	require.NotNil(t, r.Remove(handles[0]))
	r.directory.node(index).generation = maxGeneration - 1
	r.directory.chunks[0].highest = maxGeneration - 1

	last := r.Add(new(1))
	require.Equal(t, newHandle(index, maxGeneration), last)
	assert.NotNil(t, r.Lookup(last))
	assert.NotNil(t, r.Remove(last))
	assert.Nil(t, r.Lookup(last))
	assert.Nil(t, r.Remove(last))
	assert.Nil(t, r.Lookup(newHandle(index, 0)))
	for _, h := range fill(t, &r, 2*chunkSize) {
		require.NotEqual(t, index, h.Index(), "retired slot is in use")
	}
	checkInvariants(t, &r)
}

func TestChunkIsRetiredWhenAllSlotsAre(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, chunkSize)
	age(&r, 0, maxGeneration)
	for _, h := range handles {
		r.Remove(newHandle(h.Index(), maxGeneration))
	}
	require.Zero(t, r.Len())
	assert.Empty(t, made(&r))
	checkInvariants(t, &r)
	for _, h := range fill(t, &r, 3*chunkSize) {
		require.GreaterOrEqual(t, h.Index(), uint32(chunkSize), "retired chunk is in use")
	}
	checkInvariants(t, &r)
}

func TestChunkIsRetiredWhenOneSlotIs(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 2*chunkSize)
	r.directory.node(chunkSize).generation = maxGeneration
	r.directory.chunks[1].highest = maxGeneration
	handles[chunkSize] = newHandle(chunkSize, maxGeneration)

	for _, h := range handles {
		require.NotNil(t, r.Remove(h))
	}
	require.Len(t, made(&r), 1)
	assert.Zero(t, r.directory.vacant)
	checkInvariants(t, &r)
	for _, h := range fill(t, &r, 3*chunkSize) {
		require.NotEqual(t, uint32(1), h.Index()/chunkSize, "retired chunk is in use")
	}
	checkInvariants(t, &r)
}

func TestReleasedChunkStartsAboveItsHighestGeneration(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 2*chunkSize)
	const used = 1000
	age(&r, 1, used)
	var stale []Handle
	for _, h := range handles {
		if h.Index() >= chunkSize {
			h = newHandle(h.Index(), used)
		}
		stale = append(stale, h)
		require.NotNil(t, r.Remove(h))
	}
	require.Len(t, made(&r), 1, "one empty chunk stays")
	require.Len(t, r.directory.tombstones, 1)
	require.Equal(t, uint32(used), r.directory.floor)
	for _, h := range stale {
		require.Nil(t, r.Lookup(h))
		require.Nil(t, r.Remove(h))
	}

	for _, h := range fill(t, &r, 2*chunkSize) {
		if h.Index() >= chunkSize {
			require.Equal(t, uint32(used+1), h.Generation())
		}
	}
	require.Len(t, r.directory.tombstones, 2, "the number is used again")
	for _, h := range stale {
		require.Nil(t, r.Lookup(h))
	}
	checkInvariants(t, &r)
}

func TestOneEmptyChunkStays(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 3*chunkSize)
	for _, h := range handles[chunkSize:] {
		r.Remove(h)
	}
	require.Len(t, made(&r), 2)
	chunks := made(&r)
	for range 3 * chunkSize {
		r.Remove(r.Add(new(1)))
		require.Equal(t, chunks, made(&r))
	}
	fill(t, &r, chunkSize)
	assert.Equal(t, chunks, made(&r), "the kept chunk is used before one is made")
	checkInvariants(t, &r)
}

func TestSparseChunksDrain(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 8*chunkSize)
	for i, h := range handles {
		if i%2 == 0 {
			r.Remove(h)
		}
	}
	first := fill(t, &r, chunkSize/2)
	for _, h := range first {
		require.Equal(t, first[0].Index()/chunkSize, h.Index()/chunkSize, "one chunk is filled before the next")
	}
	checkInvariants(t, &r)
}

func TestIndexSpaceIsExhausted(t *testing.T) {
	if testing.Short() {
		t.Skip("allocates a directory of full size; run without -short")
	}
	var r Registry[int]
	r.directory.tombstones = make([]tombstone, maxChunks-1, maxChunks)
	for i := range chunkSize {
		h := r.Add(&i)
		require.Equal(t, uint32(1<<32-chunkSize)+uint32(i), h.Index())
	}
	assert.Zero(t, r.Add(new(1)))
	assert.Equal(t, chunkSize, r.Len())

	last := newHandle(1<<32-1, 1)
	require.NotNil(t, r.Remove(last))
	assert.Equal(t, newHandle(1<<32-1, 2), r.Add(new(1)), "a free slot ends the exhaustion")
	assert.Zero(t, r.Add(new(1)))
	r.Clear()
	assert.NotZero(t, r.Add(new(1)))
}

// age gives all slots of a chunk a generation, live ones included: their
// handles change.
func age[E any](r *Registry[E], number, generation uint32) {
	c := r.directory.chunks[number]
	for slot := range c.nodes {
		c.nodes[slot].generation = generation
	}
	c.highest = generation
}
