package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// A report is what is left of the cycles of a shape.
type report struct {
	NotOffered bool
	Cycles     int    // made
	Closures   int    // in them, or structs
	Kept       int    // of the closures
	Stopped    string // why no more were made, or why the process ended

	GoHeap     int64 // bytes more than before
	JSHeap     int64
	JSKnown    bool
	JSInGoHeap bool
	RSS        int64 // 0 if unknown
}

// warmUp cycles are made and dropped first, for what is allocated once.
const warmUp = 20

// progress is how often the process says on standard error how far it is, in case
// that it does not live to make its report.
const (
	progress       = 100
	progressPrefix = "cycles made: "
)

// runner returns a function that makes n cycles of a shape in a new runtime of a
// library, drops them, and reports what stays.
func runner[V any](open func() (library[V], error)) func(shape, int) (report, error) {
	return func(s shape, n int) (r report, err error) {
		lib, err := open()
		if err != nil {
			return r, err
		}
		defer lib.close()
		b, err := newBuilder(lib, s)
		for range warmUp {
			if err == nil {
				err = b.try()
			}
		}
		if errors.Is(err, errNotOffered) {
			return report{NotOffered: true}, nil
		}
		if err != nil {
			return r, err
		}
		if err := settle(b); err != nil {
			return r, err
		}
		before := measure(lib)
		for ; r.Cycles < n; r.Cycles++ {
			if err := b.build(); err != nil {
				r.Stopped = err.Error()
				break
			}
			if r.Cycles%progress == 0 {
				fmt.Fprintln(os.Stderr, progressPrefix+strconv.Itoa(r.Cycles))
			}
		}
		if err := settle(b); err != nil {
			return r, err
		}
		after := measure(lib)
		r.Closures = r.Cycles * s.closures
		r.Kept = int(b.alive.Load())
		r.GoHeap = after.goHeap - before.goHeap
		r.JSHeap, r.JSKnown, r.JSInGoHeap = after.js-before.js, after.jsKnown, lib.jsInGoHeap()
		if after.rss > 0 {
			r.RSS = after.rss - before.rss
		}
		return r, nil
	}
}

// settle collects until nothing more goes: several rounds in which nothing does,
// since what dies in one heap lets something else die in the other, and Go runs
// cleanups some time after it found them due.
func settle[V any](b *builder[V]) error {
	for quiet := 0; quiet < 5; {
		alive := b.alive.Load()
		if err := b.lib.collect(); err != nil {
			return err
		}
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
		quiet++
		if b.alive.Load() != alive {
			quiet = 0
		}
	}
	return nil
}

type memory struct {
	goHeap, js, rss int64
	jsKnown         bool
}

func measure[V any](lib library[V]) (m memory) {
	debug.FreeOSMemory()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	m.goHeap = int64(s.HeapAlloc)
	m.js, m.jsKnown = lib.jsBytes()
	m.rss = residentBytes()
	return m
}

// residentBytes is 0 where there is no /proc.
func residentBytes() int64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	if fields := strings.Fields(string(data)); len(fields) > 1 {
		pages, _ := strconv.ParseInt(fields[1], 10, 64)
		return pages * int64(os.Getpagesize())
	}
	return 0
}
