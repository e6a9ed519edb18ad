package host

import (
	"time"

	"github.com/tetratelabs/wazero/api"
)

const (
	// minGrant and maxGrant bound how many ticks the guest is granted at a time.
	// A tick is one turn of a loop, a few nanoseconds in most and a few hundred
	// in the slowest.
	minGrant = 1 << 10
	maxGrant = 1 << 17
	// pollInterval is how long a grant should last.
	pollInterval = 500 * time.Microsecond
)

// ticks are what a guest's work is measured in: every turn of a loop takes one
// from the count that was granted, and the guest polls when none are left. They
// depend on nothing but the guest's code, so that fuel means the same everywhere.
type ticks struct {
	left    api.MutableGlobal // of what was granted, negative when overdrawn
	granted int32
	used    uint64 // of earlier grants
	fuel    uint64 // how many may be used, 0 means no bound
	free    bool   // what is used now does not count
	next    int32  // the size of a grant, when fuel does not make it less
	since   time.Time
}

func (t *ticks) init(left api.MutableGlobal, fuel uint64) {
	t.left, t.fuel, t.next = left, fuel, minGrant
}

// spend settles the last grant, of which so many are left.
func (t *ticks) spend(left int32) {
	if !t.free {
		t.used += uint64(int64(t.granted) - int64(left))
	}
	t.granted = left
}

// exhausted tells whether all the fuel is used up.
func (t *ticks) exhausted() bool { return t.fuel > 0 && t.used >= t.fuel && !t.free }

// grant decides on the next number of ticks, from how long the last took.
func (t *ticks) grant(now time.Time) int32 {
	took := max(now.Sub(t.since), time.Microsecond)
	t.since = now
	t.next = int32(min(max(int64(t.next)*int64(pollInterval)/int64(took), minGrant), 2*int64(t.next), maxGrant))
	t.granted = t.next
	if t.fuel > t.used && !t.free {
		t.granted = int32(min(uint64(t.granted), t.fuel-t.used))
	}
	return t.granted
}

// total returns the ticks used so far.
func (t *ticks) total() uint64 {
	return t.used + uint64(int64(t.granted)-int64(int32(t.left.Get())))
}

// pause stops counting until the function that it returns is called: for work
// whose time and amount depend on the host.
func (t *ticks) pause() (resume func()) {
	if t.free {
		return func() {}
	}
	t.spend(int32(t.left.Get()))
	t.free = true
	return func() {
		t.spend(int32(t.left.Get()))
		t.free = false
	}
}
