package host

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/tetratelabs/wazero/api"
)

const (
	// minGrant and maxGrant bound how many ticks the guest is granted at a time.
	// A tick is a loop going round again, a few nanoseconds in most and a few hundred
	// in the slowest.
	minGrant = 1 << 10
	maxGrant = 1 << 17
	// pollInterval is how long a grant should last.
	pollInterval = 500 * time.Microsecond
)

// ticks are what a guest's work is measured in: every loop that goes round again
// takes one from the count that was granted, and the guest polls when none are
// left. They depend on nothing but the guest's code, so that fuel means the same
// everywhere.
type ticks struct {
	left    api.MutableGlobal // of the last grant, negative when overdrawn
	granted int32             // what left was when used was right
	used    atomic.Uint64
	fuel    atomic.Uint64 // how many may be used
	paused  bool          // what is used now does not count
	own     uint64        // what was used since
	next    int32         // the size of a grant, when fuel does not make it less
	since   time.Time
}

func (t *ticks) init(left api.MutableGlobal, fuel uint64) {
	t.left, t.next = left, minGrant
	if fuel == 0 {
		fuel = math.MaxUint64
	}
	t.fuel.Store(fuel)
}

// refuel allows n more, beginning at what was used or allowed, whichever is more.
func (t *ticks) refuel(n uint64) {
	for {
		fuel := t.fuel.Load()
		sum := max(fuel, t.used.Load()) + n
		if sum < n { // no bound
			sum = math.MaxUint64
		}
		if t.fuel.CompareAndSwap(fuel, sum) {
			return
		}
	}
}

// settle brings used up to date.
func (t *ticks) settle() { t.spend(int32(t.left.Get())) }

// spend is settle for a guest that says how many ticks are left.
func (t *ticks) spend(left int32) {
	if n := uint64(int64(t.granted) - int64(left)); t.paused {
		t.own += n
	} else {
		t.used.Add(n)
	}
	t.granted = left
}

// exhausted tells whether all the fuel is used up.
func (t *ticks) exhausted() bool { return !t.paused && t.used.Load() >= t.fuel.Load() }

// grant decides on the next number of ticks, from how long the last took.
func (t *ticks) grant(now time.Time) int32 {
	took := max(now.Sub(t.since), time.Microsecond)
	t.since = now
	next := min(int64(t.next)*int64(pollInterval)/int64(took), 2*int64(t.next))
	t.next = int32(min(max(next, minGrant), maxGrant))
	t.granted = t.next
	if used, fuel := t.used.Load(), t.fuel.Load(); used < fuel && !t.paused {
		t.granted = int32(min(uint64(t.granted), fuel-used))
	}
	return t.granted
}

// pause stops counting until resume: for work whose amount depends on the host.
func (t *ticks) pause() {
	t.settle()
	t.paused, t.own = true, 0
}

// resume: see pause.
func (t *ticks) resume() {
	t.settle()
	t.paused = false
}
