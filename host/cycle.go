package host

import (
	"context"
	"sync"
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
	promoting sync.Mutex
	stamps    []*gc.Stamp
	pacer     gc.Pacer
	round     uint64
	stats     CycleStats
	collected uint64 // when the last summary was made
	wanted    bool   // a summary, once it can be afforded
	short     bool   // memory is, as of Go's last collection
	seen      uint32 // the collection of Go that these two are about
}

// summarize has the guest tell what only roots lead to, and has those roots hold
// it. Only at the outermost level. If it may be left, the error may be why it was: then
// everything is as it was before.
func (in *Instance) summarize(f *Frame, mayLeave bool) error {
	begin := time.Now()
	defer func() { in.cycles.stats.Time += time.Since(begin) }()
	// What Go has found unused meanwhile would seem to be in use.
	if err := in.releaseRoots(); err != nil {
		return err
	}
	if err := f.takeDead(); err != nil {
		return err
	}
	cy := &in.cycles
	summary := gc.NewSummary(int64(in.mem.Size()), &cy.promoting)
	defer summary.Free()
	cy.summary = summary
	defer func() { cy.summary = nil }()
	n, err := f.attempt(exportSummarize, mayLeave)
	if err != nil {
		return err
	}
	if uint32(n) == 1<<32-1 {
		return f.Aborted()
	}
	spent := time.Duration(in.ticks.own)*summaryTickTime + time.Duration(summary.Words())*wordTime
	bare, err := in.demote()
	if err != nil {
		return err
	}
	cy.stats.Rounds++
	cy.pacer.Done(gc.Round{
		Least:      spent,
		Suspicious: in.suspicious(),
		Demoted:    cy.stats.Demoted,
		Gone:       int(cy.stats.Collected - cy.collected),
		Outside:    time.Duration(uint32(n)) * outsideTime,
		Bare:       time.Duration(bare) * insideTime,
		Leading:    time.Duration(summary.Objects()-bare) * insideTime,
	}, in.worked())
	cy.collected = cy.stats.Collected
	return nil
}

// demote replaces what the last summary has led to.
func (in *Instance) demote() (bare int, err error) {
	cy := &in.cycles
	// What groups take is no more than half of what is left, so that scripts cannot
	// make Go hold as much as they like.
	condensed, found, err := in.condense(max(in.HostRoom()/2, 0))
	if err == gc.ErrRoom {
		in.holdAll()
		return cy.summary.Objects(), nil
	}
	if err != nil {
		return 0, in.corrupt(err.Error())
	}
	cy.round++
	for _, r := range condensed.Roots {
		if _, known := in.Roots.Find(r.Root); !known { // nobody would hold what it leads to
			r.Group.Promote()
		}
	}
	for _, b := range found {
		if b.group != nil { // not promoted just now
			b.owner.round = cy.round
		}
	}
	// What was demoted and is no longer among it has become reachable otherwise.
	for _, c := range in.Callables.All() {
		if c.demoted && c.round != cy.round {
			if b := c.asleep(); b != nil {
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
	for _, b := range found {
		if b.owner.round == cy.round {
			b.demote()
			demoted++
		}
	}
	cy.stamps = condensed.Stamps
	cy.stats.Edges, cy.stats.Demoted = condensed.Edges, demoted
	return condensed.Bare, nil
}

// condense makes groups of the last summary, which take no more bytes than room, and
// returns what they hold.
func (in *Instance) condense(room int64) (condensed *gc.Condensed, found []*body, err error) {
	condensed, err = in.cycles.summary.Condense(room, func(h callables.Handle) (gc.Held, bool) {
		c := in.Callables.Lookup(h)
		if c == nil || c == in.ledger.exhausted.Load() { // that has many handles
			return nil, false
		}
		b := c.hold()
		if b == nil {
			return nil, true
		}
		found = append(found, b)
		return b, false
	})
	return condensed, found, err
}

// holdAll holds all that Go has not found unused, as if there had been no summary:
// but weak references learn that what leads to the rest is gone.
func (in *Instance) holdAll() {
	for _, c := range in.Callables.All() {
		b := c.body
		if c.demoted {
			b = c.asleep()
		}
		if b != nil {
			b.Promote()
		}
	}
	in.Roots.HoldNothing()
	cy := &in.cycles
	cy.stamps = cy.summary.Stamps(func(h callables.Handle) bool {
		c := in.Callables.Lookup(h)
		return c != nil && c.demoted
	})
	cy.stats.Edges, cy.stats.Demoted = 0, 0
}

// summaryTrampoline takes a part of the summary that the guest tells. A guest that
// tells what cannot be is stopped: it might never come to an end.
func summaryTrampoline(ctx context.Context, _ api.Module, stack []uint64) {
	in := ctx.(*Frame).in
	n := uint32(stack[1])
	b, err := in.Bytes(uint32(stack[0]), 4*n)
	switch s := in.cycles.summary; {
	case err != nil || n > 1<<30-1:
		_ = in.corrupt("summary out of bounds")
	case s == nil:
		_ = in.corrupt("summary that nobody asked for")
	case s.Append(b) != nil:
		_ = in.corrupt("summary larger than the guest")
	}
	if in.dead != nil {
		panic(in.dead) // which wazero unwinds
	}
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

// CycleStats returns the figures of the search for cycles.
func (in *Instance) CycleStats() CycleStats { return in.cycles.stats }
