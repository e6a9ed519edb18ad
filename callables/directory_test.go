package callables

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDirectoryShrinks(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 64*chunkSize)
	for _, h := range slices.Backward(handles) {
		r.Remove(h)
	}
	require.Len(t, made(&r), 1)
	assert.Zero(t, made(&r)[0].number, "the lowest empty chunk stays")
	assert.Len(t, r.directory.chunks, 1)
	assert.Less(t, cap(r.directory.chunks), 8)
	assert.Len(t, r.directory.tombstones, 1)
	assert.Equal(t, uint32(1), r.directory.floor)

	again := fill(t, &r, 64*chunkSize)
	assert.Len(t, r.directory.tombstones, 64, "released numbers are used again")
	for i, h := range again {
		require.Greater(t, h.Generation(), uint32(1), "%d", i)
		require.Nil(t, r.Lookup(handles[i]))
	}
	checkInvariants(t, &r)
}

// Worn chunks keep tombstones of their own: the others are not to start where
// they ended.
func TestWornChunksDoNotWearOutOthers(t *testing.T) {
	var r Registry[int]
	handles := fill(t, &r, 4*chunkSize)
	age(&r, 3, maxGeneration-1)
	for _, h := range handles {
		if h.Index() >= 3*chunkSize {
			h = newHandle(h.Index(), maxGeneration-1)
		}
		require.NotNil(t, r.Remove(h))
	}
	assert.Less(t, r.directory.floor, uint32(maxFloor))
	for _, h := range fill(t, &r, 3*chunkSize) {
		if h.Index()/chunkSize != 3 {
			require.Less(t, h.Generation(), uint32(maxFloor))
		}
	}
	checkInvariants(t, &r)
}
