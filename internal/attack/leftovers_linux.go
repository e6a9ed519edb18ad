package attack

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Leftovers counts what a process holds on to.
type Leftovers struct {
	Goroutines int
	Files      int   // open descriptors
	Mapped     int64 // bytes of address space outside the Go heap
	Resident   int64 // bytes of memory
}

// The Go heap's address space on 64-bit Linux begins here. It grows and never
// shrinks, whatever the guests do.
const (
	heapStart = 0xc000000000
	heapEnd   = heapStart + 1<<40
)

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
	for lines := bufio.NewScanner(bytes.NewReader(maps)); lines.Scan(); {
		var from, to uint64
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x", &from, &to); err != nil {
			return l, err
		}
		if from < heapStart || from >= heapEnd {
			l.Mapped += int64(to - from)
		}
	}
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return l, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64)
	l.Resident = pages * int64(os.Getpagesize())
	return l, err
}
