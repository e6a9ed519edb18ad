package attack

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// Leftovers counts what a process holds on to.
type Leftovers struct {
	Goroutines int
	Files      int   // open descriptors
	Mapped     int64 // bytes of address space that are neither Go's heap nor a thread's
	Resident   int64 // bytes of memory
}

// CountLeftovers counts.
func CountLeftovers() (l Leftovers, err error) {
	l.Goroutines = runtime.NumGoroutine()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return l, err
	}
	l.Files = len(files)
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return l, err
	}
	if l.Mapped, err = mapped(string(maps)); err != nil {
		return l, err
	}
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return l, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	l.Resident = pages * int64(os.Getpagesize())
	return l, err
}

// What a thread of a program with cgo maps for itself, and keeps: its stack, and
// an arena of libc's malloc, which is aligned and hardly begun. A guest has
// committed more than that.
const (
	threadStack = 8 << 20
	arena       = 64 << 20
	arenaBegun  = 1 << 20
)

// mapped adds up the mappings of a process. Go's heap and threads grow, and
// never shrink, whatever the guests do.
func mapped(maps string) (total int64, err error) {
	heap := heapRegion(uint64(uintptr(unsafe.Pointer(unsafe.StringData(maps)))))
	for line := range strings.Lines(maps) {
		var from, to uint64
		var mode string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); err != nil {
			return 0, err
		}
		size := to - from
		switch {
		case heapRegion(from) == heap:
		case size == threadStack && mode == "rw-p":
		case mode == "---p" && from%arena < arenaBegun && to%arena == 0:
		default:
			total += int64(size)
		}
	}
	return total, nil
}

// heapRegion is the part of the address space that an address is in. Go's heap is
// in another than what the system maps.
func heapRegion(address uint64) uint64 { return address >> 38 }
