package host

import (
	"unsafe"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/windows"
)

const commitStep = 1 << 20

// virtualMemory is reserved address space outside the Go heap.
type virtualMemory struct {
	reserved  []byte
	addr      uintptr
	committed uint64
}

func newLinearMemory(limit uint64) experimental.LinearMemory {
	addr, err := windows.VirtualAlloc(0, uintptr(limit), windows.MEM_RESERVE, windows.PAGE_NOACCESS)
	if err != nil {
		return &virtualMemory{}
	}
	// The address is not Go's: going through a pointer to it keeps vet from
	// taking it for an arithmetic slip.
	return &virtualMemory{
		reserved: unsafe.Slice(*(**byte)(unsafe.Pointer(&addr)), limit),
		addr:     addr,
	}
}

func (m *virtualMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.reserved)) {
		return nil
	}
	if size > m.committed {
		to := min((size+commitStep-1)&^(commitStep-1), uint64(len(m.reserved)))
		_, err := windows.VirtualAlloc(m.addr+uintptr(m.committed), uintptr(to-m.committed), windows.MEM_COMMIT, windows.PAGE_READWRITE)
		if err != nil {
			return nil
		}
		m.committed = to
	}
	return m.reserved[:size:len(m.reserved)]
}

func (m *virtualMemory) Free() {
	if m.reserved != nil {
		_ = windows.VirtualFree(m.addr, 0, windows.MEM_RELEASE)
		m.reserved = nil
	}
}
