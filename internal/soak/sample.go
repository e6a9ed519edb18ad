package soak

import (
	"os"
	"path/filepath"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// Sample is the state of a process after so many requests.
type Sample struct {
	Requests   int
	Resident   int64 // bytes, 0 where /proc does not exist
	Heap       int64 // bytes in Go that its last collection found alive
	GuestBytes int64 // of all runtimes, as are the following
	Memory     int64
	Callables  int
	Roots      int
	Rounds     uint64
	Collected  uint64
	CycleTime  time.Duration
}

// Sample measures. No request may be on its way.
func (s *Server) Sample() Sample {
	x := Sample{Requests: s.requests, Resident: resident(), Heap: liveHeap()}
	for _, t := range s.tenants {
		r := t.rt.Stats()
		x.GuestBytes += r.GuestBytes
		x.Memory += r.GuestMemory
		x.Callables += r.Callables
		x.Roots += r.Roots
		x.Rounds += r.CycleRounds
		x.Collected += r.CyclesCollected
		x.CycleTime += r.CycleTime
	}
	return x
}

func resident() int64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}

// CPUTime is what all threads have used, 0 where /proc does not tell. Other
// processes do not disturb it as much as they do the clock.
func CPUTime() (total time.Duration) {
	threads, _ := filepath.Glob("/proc/self/task/*/schedstat")
	for _, t := range threads {
		b, err := os.ReadFile(t)
		if err != nil {
			continue // the thread has ended
		}
		used, _, _ := strings.Cut(string(b), " ")
		ns, _ := strconv.ParseInt(used, 10, 64)
		total += time.Duration(ns)
	}
	return total
}

func liveHeap() int64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return int64(live[0].Value.Uint64())
}
