package qjswasm_test

import (
	"os"
	"fmt"

	"slices"

	"github.com/qjswasm/qjswasm"
)

// check collects both heaps and compares what is left with the models.
func (r *cycleRun) check() {
	r.collect()
	callables, roots := r.guest.start.Callables, r.guest.start.Roots
	marks := make([]cycleMarks, len(r.programs))
	for i, p := range r.programs {
		marks[i] = p.kept(r.apart)
		c, n := p.counts(marks[i])
		callables += c
		roots += n
	}
	alive := r.ids("alive")
	if os.Getenv("DBG") != "" {
		s := r.guest.rt.Stats()
		fmt.Println("check: have", s.Callables, s.Roots, "want", callables, roots, fmt.Sprintf("%+v", s))
	}
	for i, p := range r.programs {
		p.checkTracked(marks[i], alive[i])
	}
	if s := r.guest.rt.Stats(); s.Callables != callables || s.Roots != roots {
		r.fail("%d callables and %d roots instead of %d and %d", s.Callables, s.Roots, callables, roots)
	}
	for i, p := range r.programs {
		p.walk(p.reachable(), marks[i])
		for j := range p.nodes {
			p.nodes[j].dead = !marks[i][j]
		}
	}
}

// ids returns for each program the nodes whose numbers a helper says.
func (r *cycleRun) ids(helper string) [][]cycleRef {
	v, err := r.guest.helpers[helper].Call(ctx, nil)
	r.ok(err)
	defer v.Close()
	ids, err := qjswasm.As[[]int](v)
	r.ok(err)
	of := make([][]cycleRef, len(r.programs))
	for _, id := range ids {
		of[id>>16] = append(of[id>>16], cycleRef(id&0xffff))
	}
	return of
}

// checkTracked compares what Go's weak pointers and WeakRefs say.
func (p *cycleProgram) checkTracked(marks cycleMarks, alive []cycleRef) {
	for r, track := range p.track {
		switch there := track.Value() != nil; {
		case there && !marks[r]:
			p.fail("%s is unreachable and has not been collected", p.name(r))
		case !there && marks[r]:
			p.fail("%s is reachable and was collected", p.name(r))
		}
	}
	for r, n := range p.released {
		if want := map[bool]int{false: 1}[marks[r]]; *n != want && *n >= 0 {
			p.fail("%s was released %d times instead of %d", p.name(r), *n, want)
		}
	}
	for i := range p.nodes {
		r := cycleRef(i)
		if !p.nodes[r].observed {
			continue
		}
		switch there := slices.Contains(alive, r); {
		case there && !marks[r]:
			p.fail("%s is unreachable and there", p.name(r))
		case !there && marks[r]:
			p.fail("%s is reachable and gone", p.name(r))
		}
	}
}
