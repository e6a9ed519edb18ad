package host

import (
	"time"

	"github.com/qjswasm/qjswasm/gc"
)

// suspicious is how many cycles there may be at most.
func (in *Instance) suspicious() int {
	return min(in.Callables.Len(), int(in.Roots.Live()))
}

// afterCollection decides whether a summary is wanted, if Go has collected and what
// it found unused is released: before more is made.
func (in *Instance) afterCollection() {
	swept := in.Roots.Swept()
	if swept == in.cycles.seen {
		return
	}
	in.cycles.seen = swept
	if in.cfg.CycleGC == CycleGCAuto {
		in.cycles.short = in.memoryIsShort()
		in.cycles.wanted = in.cycles.pacer.Suspects(in.suspicious(), in.cycles.short, gc.LiveHeap())
	}
}

// memoryIsShort tells whether more than half of what the guest may use is in use, of
// its own memory or of Go's.
func (in *Instance) memoryIsShort() bool {
	if in.HostRoom() < in.cfg.HostMemoryLimit/2 {
		return true
	}
	if int64(in.mem.Size()) < in.cfg.MemoryLimit/2 {
		return false
	}
	bytes, err := in.frame().free(exportRuntimeBytes)
	return err == nil && int64(bytes) > in.cfg.MemoryLimit/2
}

// Estimates of the least that the guest's work takes, and of what a summary takes
// for each object. They are not measured: when summaries are made does not depend
// on the machine, but for entries with a deadline, and so a run is as repeatable as
// Go's collector allows.
const (
	tickTime     = 10 * time.Nanosecond
	entryTime    = 200 * time.Nanosecond
	rootTime     = time.Microsecond // made, used and released
	callableTime = 2 * time.Microsecond
	outsideTime  = 60 * time.Nanosecond
	insideTime   = 100 * time.Nanosecond

	// Large objects take more.
	summaryTickTime = 4 * time.Nanosecond
	// Small objects take most for their bytes.
	byteTime = time.Nanosecond
	wordTime = 6 * time.Nanosecond
)

// worked estimates for how long the guest has worked.
func (in *Instance) worked() time.Duration {
	in.ticks.settle()
	return time.Duration(in.ticks.used.Load())*tickTime + time.Duration(in.entries)*entryTime +
		time.Duration(in.Roots.Made())*rootTime + time.Duration(in.ledger.registered)*callableTime
}

// breakCycles makes a summary if that is due.
func (in *Instance) breakCycles(f *Frame) {
	if torture {
		in.torment(f)
		return
	}
	cy := &in.cycles
	worked, gone := in.worked(), int(cy.stats.Collected-cy.collected)
	if !cy.pacer.Due(worked, gone, cy.short) {
		return
	}
	mayLeave := true
	if spare := f.spare(); spare < noLimit {
		// Who waits for an entry that has come to its limit need not wait for that too.
		if takes := in.summaryTime(f); takes > spare {
			if !cy.pacer.Overdue(worked, takes, gone, cy.short) {
				return
			}
			mayLeave = false
		}
	}
	// One that is left is for a later entry.
	cy.wanted = in.summarize(f, mayLeave) != nil
}

// noLimit is the spare time of an entry that may last as long as it likes.
const noLimit time.Duration = 1<<63 - 1

// spare is for how long the entry may last still.
func (f *Frame) spare() time.Duration {
	switch {
	case f.in.interrupt.Load() != nil || f.ctx.Err() != nil:
		return 0
	case f.deadline.IsZero():
		return noLimit
	}
	return time.Until(f.deadline)
}

// summaryTime estimates how long a summary would take at most.
func (in *Instance) summaryTime(f *Frame) time.Duration {
	bytes, _ := f.Bytes()
	return time.Duration(bytes) * byteTime
}
