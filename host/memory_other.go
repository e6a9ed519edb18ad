//go:build !unix && !windows

package host

import "github.com/tetratelabs/wazero/experimental"

// sliceMemory is memory on the Go heap, for systems without virtual memory
// calls; it moves when it grows.
type sliceMemory struct {
	limit uint64
	data  []byte
}

func newLinearMemory(limit uint64) experimental.LinearMemory {
	return &sliceMemory{limit: limit}
}

func (m *sliceMemory) Reallocate(size uint64) []byte {
	if size > m.limit {
		return nil
	}
	if n := uint64(len(m.data)); size > n {
		m.data = append(m.data, make([]byte, size-n)...)
	}
	return m.data
}

func (m *sliceMemory) Free() { m.data = nil }
