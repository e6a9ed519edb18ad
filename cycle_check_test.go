package qjswasm_test

import (
	"slices"

	"github.com/qjswasm/qjswasm"
)

// check collects both heaps and compares what is left with the models.
func (r *cycleRun) check() {
	r.collect()
	least, most := make([]cycleMarks, len(r.programs)), make([]cycleMarks, len(r.programs))
	start, s := r.guest.start, r.guest.rt.Stats()
	callables, roots := [2]int{start.Callables, start.Callables}, [2]int{start.Roots, start.Roots}
	for i, p := range r.programs {
		least[i], most[i] = p.reachable(), p.kept(r.apart)
		for j, marks := range [...]cycleMarks{least[i], most[i]} {
			c, n := p.counts(marks)
			callables[j] += c
			roots[j] += n
		}
	}
	alive := r.ids("alive")
	for i, p := range r.programs {
		p.checkTracked(least[i], most[i], alive[i])
	}
	if s.Callables < callables[0] || s.Callables > callables[1] || s.Roots < roots[0] || s.Roots > roots[1] {
		r.fail("%d callables and %d roots instead of %d and %d", s.Callables, s.Roots, callables, roots)
	}
	for i, p := range r.programs {
		p.walk(least[i], most[i])
		for j := range p.nodes {
			p.nodes[j].dead = !most[i][j]
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

// checkTracked compares what Go's weak pointers, OnRelease and WeakRefs say.
func (p *cycleProgram) checkTracked(least, most cycleMarks, alive []cycleRef) {
	compare := func(r cycleRef, there bool, how string) {
		switch {
		case there && !most[r]:
			p.fail("%s is unreachable and %s", p.name(r), how)
		case !there && least[r]:
			p.fail("%s is reachable and not %s", p.name(r), how)
		}
	}
	for r, track := range p.track {
		compare(r, track.Value() != nil, "in Go's heap")
	}
	for r, n := range p.released {
		compare(r, *n == 0, "unreleased")
		if *n > 1 {
			p.fail("%s was released %d times", p.name(r), *n)
		}
	}
	for i := range p.nodes {
		if r := cycleRef(i); p.nodes[r].observed {
			compare(r, slices.Contains(alive, r), "there for its WeakRef")
		}
	}
}
