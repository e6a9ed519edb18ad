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
// Some uses, such as counting, are safe for concurrent use: they hold the gate
// briefly, and whoever comes meanwhile waits for them instead of being refused.
//
// The word is one of the constants below, or gateLent plus the nesting
// depth of the callback, so that a callback that returns while somebody is
// still inside one level deeper waits for them instead of running wasm under
// their feet.
type gate struct {
	word atomic.Int64
}

const (
	gateIdle = iota
	gateRunning
	gateBrief
	gateBorrowed
	gateClosed
	gateLent
)

// enter takes the gate as holder, gateRunning or gateBrief, and returns what
// leave must restore.
func (g *gate) enter(holder int64) (previous int64, err error) {
	for {
		previous = g.word.Load()
		switch previous {
		case gateRunning, gateBorrowed:
			return 0, ErrConcurrentUse
		case gateClosed:
			return 0, ErrClosed
		case gateBrief:
			runtime.Gosched()
			continue
		}
		if g.word.CompareAndSwap(previous, holder) {
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
		await(spins)
	}
}

// await lets time pass for whoever is inside, who may be soon gone or run for long.
func await(spins int) {
	if spins < 1000 {
		runtime.Gosched()
	} else {
		time.Sleep(100 * time.Microsecond)
	}
}

// innermost tells whether the gate is lent at the given depth: nobody is inside what
// runs there, but maybe briefly, or to make a result.
func (g *gate) innermost(depth int) bool {
	for {
		switch g.word.Load() {
		case gateLent + int64(depth):
			return true
		case gateBrief, gateBorrowed:
			runtime.Gosched()
		default:
			return false
		}
	}
}

// borrow takes the gate for a moment while it is lent, at whatever depth: what runs there
// is host code, and waits to get the gate back. It returns what leave must restore, 0 if
// stop says so instead.
func (g *gate) borrow(stop func() bool) (previous int64) {
	for spins := 0; ; spins++ {
		if word := g.word.Load(); word >= gateLent && g.word.CompareAndSwap(word, gateBorrowed) {
			return word
		}
		if stop() {
			return 0
		}
		await(spins)
	}
}

// close closes an idle gate for good. first is true for the one caller who did.
func (g *gate) close() (first bool, err error) {
	for {
		switch g.word.Load() {
		case gateIdle:
			if g.word.CompareAndSwap(gateIdle, gateClosed) {
				return true, nil
			}
		case gateClosed:
			return false, nil
		case gateBrief:
			runtime.Gosched()
		default:
			return false, ErrBusy
		}
	}
}
