package host

import (
	"context"
	"time"
	"weak"

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
	summary gc.Summary
	stamps  []weak.Pointer[gc.Group]
	awake   *gc.Awake
	demoted []*Callable // by the last summary
	held    []gc.Root   // that were given a group by it
	pacer   gc.Pacer
	round   uint64
	stats   CycleStats
}

// minSummaryKept is the size in bytes up to which the buffer of a summary is kept.
const minSummaryKept = 1 << 20

// summarize has the guest tell what only roots lead to, and has those roots hold
// it. Only at the outermost level.
func (in *Instance) summarize(f *Frame) error {
	begin := time.Now()
	cy := &in.cycles
	cy.summary.Reset()
	n, err := f.free(exportSummarize)
	if uint32(n) == 1<<32-1 { // nothing was told
		n = 0
	} else if err == nil {
		err = in.demote()
	}
	if cy.summary.Size() > minSummaryKept {
		cy.summary = gc.Summary{}
	}
	cy.stats.Rounds++
	cy.stats.Time += time.Since(begin)
	cy.pacer.Done(in.suspicious(), in.worked(), time.Duration(uint32(n))*objectTime)
	return err
}

// demote replaces what the last summary has led to.
func (in *Instance) demote() error {
	cy := &in.cycles
	var found []*Callable
	condensed, err := cy.summary.Condense(func(h callables.Handle) gc.Held {
		c := in.Callables.Lookup(h)
		if c == nil || c == in.ledger.exhausted { // that has many handles
			return nil
		}
		b := c.hold()
		if b == nil {
			return nil
		}
		found = append(found, c)
		return b
	})
	if err != nil {
		return in.corrupt(err.Error())
	}
	cy.round++
	for _, r := range cy.held { // some lead to nothing any more
		if a, _ := in.Roots.Find(r); a != nil {
			a.Hold(nil)
		}
	}
	cy.held = cy.held[:0]
	for _, r := range condensed.Roots {
		a, known := in.Roots.Find(r.Root)
		switch {
		case !known: // nobody would hold what it leads to
			r.Group.Promote()
		case a != nil:
			a.Hold(r.Group)
			cy.held = append(cy.held, r.Root)
		}
	}
	for _, c := range found {
		if b := c.hold(); b != nil && b.group != nil { // not promoted meanwhile
			c.round = cy.round
		}
	}
	// What was demoted and is no longer among it has become reachable otherwise.
	for _, c := range cy.demoted {
		if c.demoted && c.round != cy.round {
			if b := c.weak.Value(); b != nil {
				b.Promote()
			}
		}
	}
	clear(cy.demoted) // some are gone, and would last
	cy.demoted = cy.demoted[:0]
	for _, c := range found {
		if c.round == cy.round {
			c.demote()
			cy.demoted = append(cy.demoted, c)
		}
	}
	cy.stamps, cy.awake = condensed.Stamps, condensed.Awake
	cy.stats.Edges, cy.stats.Demoted = condensed.Edges, len(cy.demoted)
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
	in.cycles.summary.Append(b)
}

// wakeTrampoline tells whether what the guest has stamped is there, and has it
// stay.
func wakeTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	in := ctx.(*Frame).in
	stamp := uint32(stack[0])
	stack[0] = 1
	if int64(stamp) >= int64(len(in.cycles.stamps)) || in.cycles.stamps[stamp] == (weak.Pointer[gc.Group]{}) {
		return
	}
	if g := in.cycles.stamps[stamp].Value(); g != nil {
		g.Promote()
	} else {
		stack[0] = 0
	}
}

// suspicious is how many cycles there may be at most.
func (in *Instance) suspicious() int {
	return min(in.Callables.Len(), int(in.Roots.Live()))
}

// Estimates of the least that the guest's work takes, and of what a summary takes
// for each object. They are not measured: when summaries are made does not depend
// on the machine, and so a run is as repeatable as Go's collector allows.
const (
	tickTime   = 10 * time.Nanosecond
	entryTime  = 200 * time.Nanosecond
	objectTime = 100 * time.Nanosecond
)

// worked estimates for how long the guest has worked.
func (in *Instance) worked() time.Duration {
	in.ticks.settle()
	return time.Duration(in.ticks.used.Load())*tickTime + time.Duration(in.entries)*entryTime
}

// breakCycles makes a summary if that is due.
func (in *Instance) breakCycles(f *Frame) {
	if torture {
		in.torment(f)
		return
	}
	if in.cfg.CycleGC == CycleGCAuto && in.cycles.pacer.Suspects(in.suspicious()) && in.cycles.pacer.Due(in.worked()) {
		_ = in.summarize(f)
	}
}

// CycleStats returns the figures of the search for cycles.
func (in *Instance) CycleStats() CycleStats { return in.cycles.stats }
