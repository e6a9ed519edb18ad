package host

import (
	"context"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/gc"
)

// CycleGC is when an instance looks for cycles that run through both heaps.
type CycleGC int

// The values of CycleGC.
const (
	CycleGCAuto CycleGC = iota
	CycleGCManual
	CycleGCOff
)

// CycleStats are the figures of the search for cycles that run through both heaps.
type CycleStats struct {
	Rounds    uint64        // summaries
	Edges     int           // references in the last summary
	Demoted   int           // callables that the last summary found to hang on roots alone
	Collected uint64        // callables that Go's collector freed before the guest did
	Time      time.Duration // spent on summaries
}

// cycles is what an instance knows of cycles that run through both heaps.
type cycles struct {
	summary   *gc.Summary // while the guest tells one
	stamps    []*gc.Stamp
	pacer     gc.Pacer
	round     uint64
	stats     CycleStats
	bare      int    // objects in the last summary that led to no callable
	collected uint64 // when the last summary was made
	wanted    bool   // a summary, once it can be afforded
}

// summarize has the guest tell what only roots lead to, and has those roots hold
// it. Only at the outermost level.
func (in *Instance) summarize(f *Frame) error {
	begin := time.Now()
	cy := &in.cycles
	summary := gc.NewSummary()
	defer summary.Free()
	cy.summary = summary
	defer func() { cy.summary = nil }()
	n, err := f.free(exportSummarize)
	told := err == nil && uint32(n) != 1<<32-1
	if told {
		err = in.demote()
	}
	cy.stats.Rounds++
	cy.stats.Time += time.Since(begin)
	if told {
		cy.pacer.Done(gc.Round{
			Suspicious: in.suspicious(),
			Demoted:    cy.stats.Demoted,
			Outside:    time.Duration(uint32(n)) * outsideTime,
			Bare:       time.Duration(cy.bare) * insideTime,
			Leading:    time.Duration(summary.Objects()-cy.bare) * insideTime,
		}, in.worked())
		cy.collected = cy.stats.Collected
	}
	return err
}

// demote replaces what the last summary has led to.
func (in *Instance) demote() error {
	cy := &in.cycles
	var found []*Callable
	condensed, err := cy.summary.Condense(func(h callables.Handle) (gc.Held, bool) {
		c := in.Callables.Lookup(h)
		if c == nil || c == in.ledger.exhausted { // that has many handles
			return nil, false
		}
		b := c.hold()
		if b == nil {
			return nil, true
		}
		found = append(found, c)
		return b, false
	})
	if err != nil {
		return in.corrupt(err.Error())
	}
	cy.round++
	for _, r := range condensed.Roots {
		if _, known := in.Roots.Find(r.Root); !known { // nobody would hold what it leads to
			r.Group.Promote()
		}
	}
	for _, c := range found {
		if b := c.hold(); b != nil && b.group != nil { // not promoted just now
			c.round = cy.round
		}
	}
	// What was demoted and is no longer among it has become reachable otherwise.
	for _, c := range in.Callables.All() {
		if c.demoted && c.round != cy.round {
			if b := c.weak.Value(); b != nil {
				b.Promote()
			}
		}
	}
	// No anchor may go on holding what its object led to once. Until here that has
	// kept what was just promoted.
	in.Roots.HoldNothing()
	for _, r := range condensed.Roots {
		if a, _ := in.Roots.Find(r.Root); a != nil {
			a.Hold(r.Group)
		}
	}
	demoted := 0
	for _, c := range found {
		if c.round == cy.round {
			c.demote()
			demoted++
		}
	}
	cy.stamps, cy.bare = condensed.Stamps, condensed.Bare
	cy.stats.Edges, cy.stats.Demoted = condensed.Edges, demoted
	return nil
}

// summaryTrampoline takes a part of the summary that the guest tells.
func summaryTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	in := ctx.(*Frame).in
	b, err := in.Bytes(uint32(stack[0]), 4*uint32(stack[1]))
	if err != nil || uint32(stack[1]) > 1<<30-1 {
		_ = in.corrupt("summary out of bounds")
		return
	}
	if in.cycles.summary == nil {
		_ = in.corrupt("summary that nobody asked for")
		return
	}
	in.cycles.summary.Append(b)
}

// wakeTrampoline tells whether what the guest has stamped is there, and has it
// stay.
func wakeTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	in := ctx.(*Frame).in
	stamp := uint32(stack[0])
	stack[0] = 1
	if int64(stamp) < int64(len(in.cycles.stamps)) && !in.cycles.stamps[stamp].Wake() {
		stack[0] = 0
	}
}

// suspicious is how many cycles there may be at most.
func (in *Instance) suspicious() int {
	return min(in.Callables.Len(), int(in.Roots.Live()))
}

// afterCollection decides whether a summary is wanted, when Go has collected and what
// it found unused is released: before more is made.
func (in *Instance) afterCollection() {
	in.cycles.wanted = in.cfg.CycleGC == CycleGCAuto && in.cycles.pacer.Suspects(in.suspicious())
}

// Estimates of the least that the guest's work takes, and of what a summary takes
// for each object. They are not measured: when summaries are made does not depend
// on the machine, and so a run is as repeatable as Go's collector allows.
const (
	tickTime     = 10 * time.Nanosecond
	entryTime    = 200 * time.Nanosecond
	rootTime     = time.Microsecond // made, used and released
	callableTime = 2 * time.Microsecond
	outsideTime  = 60 * time.Nanosecond
	insideTime   = 100 * time.Nanosecond
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
	if cy.pacer.Due(in.worked(), int(cy.stats.Collected-cy.collected)) || in.HostRoom() < in.cfg.HostMemoryLimit/2 {
		cy.wanted = false
		_ = in.summarize(f)
	}
}

// CycleStats returns the figures of the search for cycles.
func (in *Instance) CycleStats() CycleStats { return in.cycles.stats }
