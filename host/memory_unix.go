//go:build unix

package host

import (
	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// commitStep is how much is made accessible at a time: a mprotect for each page
// would dominate a growing guest's time.
const commitStep = 1 << 20

// mappedMemory is reserved address space outside the Go heap.
type mappedMemory struct {
	reserved  []byte
	committed uint64
}

func newLinearMemory(limit uint64) experimental.LinearMemory {
	b, err := unix.Mmap(-1, 0, int(limit), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		// Without address space the first Reallocate fails, and with it the
		// instantiation.
		return &mappedMemory{}
	}
	return &mappedMemory{reserved: b}
}

func (m *mappedMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.reserved)) {
		return nil
	}
	if size > m.committed {
		to := min((size+commitStep-1)&^(commitStep-1), uint64(len(m.reserved)))
		if err := unix.Mprotect(m.reserved[m.committed:to], unix.PROT_READ|unix.PROT_WRITE); err != nil {
			return nil
		}
		m.committed = to
	}
	return m.reserved[:size:len(m.reserved)]
}

func (m *mappedMemory) Free() {
	if m.reserved != nil {
		_ = unix.Munmap(m.reserved)
		m.reserved = nil
	}
}
