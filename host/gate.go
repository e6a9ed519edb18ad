package host

import (
	"runtime"
	"sync/atomic"
	"time"
)

// gate serialises the use of an instance without blocking: an entry while guest
// code runs is refused. While a callback runs the gate is lent, and whoever
// uses the instance then, on whatever goroutine, enters one level deeper.
//
// The word is gateIdle, gateRunning, gateClosed, or gateLent plus the nesting
// depth of the callback, so that a callback that returns while somebody is
// still inside one level deeper waits for them instead of running wasm under
// their feet.
type gate struct {
	word atomic.Int64
}

const (
	gateIdle = iota
	gateRunning
	gateClosed
	gateLent
)

// enter takes the gate and returns what leave must restore.
func (g *gate) enter() (previous int64, err error) {
	for {
		previous = g.word.Load()
		switch previous {
		case gateRunning:
			return 0, ErrConcurrentUse
		case gateClosed:
			return 0, ErrClosed
		}
		if g.word.CompareAndSwap(previous, gateRunning) {
			return previous, nil
		}
	}
}

func (g *gate) leave(previous int64) { g.word.Store(previous) }

// lend opens the gate for the duration of a callback at the given depth.
func (g *gate) lend(depth int) { g.word.Store(gateLent + int64(depth)) }

// reclaim ends what lend began.
func (g *gate) reclaim(depth int) {
	for spins := 0; !g.word.CompareAndSwap(gateLent+int64(depth), gateRunning); spins++ {
		if spins < 1000 {
			runtime.Gosched()
		} else {
			time.Sleep(100 * time.Microsecond)
		}
	}
}

func (g *gate) close() bool {
	return g.word.CompareAndSwap(gateIdle, gateClosed) || g.closed()
}

func (g *gate) closed() bool { return g.word.Load() == gateClosed }
