package qjswasm_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/qjswasm/qjswasm"
)

// cycleRun runs programs in one runtime.
type cycleRun struct {
	guest    *cycleGuest
	programs []*cycleProgram
	apart    bool // cycles through both heaps stay
	walked   int
	left     int // collections that were
}

func (r *cycleRun) fail(format string, args ...any) { panic(cycleFailure{fmt.Errorf(format, args...)}) }

func (r *cycleRun) ok(err error) {
	if err != nil {
		r.fail("%w", err)
	}
}

// runCycle runs steps and then has all programs end.
func (r *cycleRun) runCycle(steps []cycleStep) (err error) {
	at := -1
	defer func() {
		switch x := recover().(type) {
		case nil:
		case cycleFailure:
			err = x.error
			if at >= 0 {
				err = fmt.Errorf("step %d, %v: %w", at, steps[at], err)
			}
		default:
			panic(x)
		}
	}()
	r.programs = nil
	for i, s := range steps {
		at = i
		for len(r.programs) <= s.program {
			r.programs = append(r.programs, newCycleProgram(r, len(r.programs)))
		}
		r.step(s)
	}
	at = -1
	r.check()
	r.finish()
	return nil
}

func (r *cycleRun) step(s cycleStep) {
	if s.op.do != nil {
		s.op.do(r.programs[s.program], s.a, s.b, s.c)
		return
	}
	switch s.op.name {
	case "jobs":
		r.runJobs()
	case "collect":
		runtime.GC()
	case "gc":
		r.ok(r.guest.rt.GC(ctx))
	case "leave":
		r.leave(time.Duration(24*s.a+3*s.b+s.c) * 10 * time.Microsecond)
	case "check":
		r.check()
	}
}

// leave begins a collection that is left half done if it takes longer than d.
func (r *cycleRun) leave(d time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer time.AfterFunc(d, cancel).Stop()
	if err := r.guest.rt.GC(ctx); errors.Is(err, qjswasm.ErrInterrupted) {
		r.left++
	} else {
		r.ok(err)
	}
}

func (r *cycleRun) runJobs() {
	_, err := r.guest.rt.RunJobs(ctx)
	r.ok(err)
	for _, p := range r.programs {
		p.runJobs()
	}
	for i, told := range r.ids("told") {
		if len(told) > 0 {
			r.programs[i].finalized(told)
		}
	}
}

// finalized takes in the model what the FinalizationRegistry has told of, in its
// order: what it let go with one may have been the end of the next.
func (p *cycleProgram) finalized(told []cycleRef) {
	for _, x := range told {
		if p.reachable()[x] {
			p.fail("%s is reachable and was finalized", p.name(x))
		}
		p.nodes[x].told++
		p.nodes[x].dead = true
		p.held = slices.DeleteFunc(p.held, func(h cycleHeld) bool { return h.target == x })
	}
}

// finish ends the programs: nothing is left, and all that was registered has been
// finalized.
func (r *cycleRun) finish() {
	for _, p := range r.programs {
		p.drop()
	}
	r.runJobs()
	for _, p := range r.programs {
		if r.apart {
			p.sever()
		}
	}
	for range 2 { // what the FinalizationRegistry held goes with the second
		r.check()
		r.runJobs()
	}
	_, err := r.guest.helpers["forget"].Call(ctx, nil)
	r.ok(err)
	for _, p := range r.programs {
		for i, n := range p.nodes {
			if n.observed && n.told == 0 && n.dead {
				p.fail("%s was not finalized", p.name(cycleRef(i)))
			}
			p.nodes[i].observed = false
		}
		p.held = nil
	}
	r.check()
	s, start := r.guest.rt.Stats(), r.guest.start
	if s.Callables != start.Callables || s.Roots != start.Roots || s.GuestObjects != start.GuestObjects || s.PendingReleases != 0 {
		r.fail("at the end, instead of %+v: %+v", start, s)
	}
}

// collect collects both heaps.
func (r *cycleRun) collect() {
	r.ok(r.guest.rt.GC(ctx))
}

// generateCycle makes steps for n programs, mixed, that are likely to do something.
func generateCycle(rng *rand.Rand, n int) (steps []cycleStep) {
	weights := 0
	for _, op := range cycleOps {
		weights += op.weight
	}
	pick := func() *cycleOp {
		w := rng.IntN(weights)
		for i := range cycleOps {
			if w -= cycleOps[i].weight; w < 0 {
				return &cycleOps[i]
			}
		}
		panic("no weights")
	}
	programs, left, total := make([]*cycleProgram, n), make([]int, n), 0
	for i := range programs {
		programs[i], left[i] = &cycleProgram{number: i}, 10+rng.IntN(51)
		total += left[i]
	}
	// How many steps there are between collections, which take the most time.
	every := [...]int{total, total, total/2 + 1, total/2 + 1, 500, 500, 500, 100, 100, 20}[rng.IntN(10)]
	for total > 0 {
		i := rng.IntN(n)
		if left[i] == 0 {
			continue
		}
		if rng.IntN(every) == 0 {
			name := [...]string{"gc", "gc", "collect", "check", "leave", "leave"}[rng.IntN(6)]
			steps = append(steps, cycleStep{op: cycleOpNamed(name), a: rng.IntN(cycleRegisters), b: rng.IntN(8), c: rng.IntN(cycleSlots)})
		}
		if rng.IntN(200) == 0 {
			steps = append(steps, cycleStep{op: cycleOpNamed("jobs")})
			for _, p := range programs {
				p.runJobs()
			}
		}
		op := pick()
		for range 20 { // operands that it can do something with
			s := cycleStep{program: i, op: op, a: rng.IntN(cycleRegisters), b: rng.IntN(8), c: rng.IntN(cycleSlots)}
			if op.do(programs[i], s.a, s.b, s.c) {
				steps = append(steps, s)
				left[i]--
				total--
				break
			}
		}
	}
	return steps
}

func cycleOpNamed(name string) *cycleOp {
	for i := range cycleOps {
		if cycleOps[i].name == name {
			return &cycleOps[i]
		}
	}
	return nil
}
