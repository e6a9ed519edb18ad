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
	assert.Len(t, r.directory.tombstones, 64)

	fill(t, &r, 64*chunkSize)
	assert.Len(t, r.directory.tombstones, 64, "released numbers are used again")
	checkInvariants(t, &r)
}
