package qjswasm_test

import "slices"

// cycleMarks says which nodes are reachable.
type cycleMarks []bool

// reachable marks what the variables of Go, the globals and the pending jobs lead
// to: with weak maps as ephemerons, so that an entry counts if both the map and the
// key are reachable.
func (m *cycleModel) reachable() cycleMarks {
	return m.mark(func(_ cycleRef, reached bool) bool { return reached }, nil)
}

// kept marks what collectors keep of the nodes. To the engine's, the key of a
// WeakMap holds the value for as long as the map is there, and a map can be there
// because the value of an entry leads to it. If the two heaps are collected apart,
// what a Value holds is kept while the Value is, and the state of a closure while
// the closure is.
func (m *cycleModel) kept(apart bool) cycleMarks {
	there := make(cycleMarks, len(m.nodes))
	for i := range there {
		there[i] = !m.nodes[i].dead
	}
	counts := func(at cycleRef, _ bool) bool { return there[at] }
	hold := func(reach func(cycleRef)) {
		for i, n := range m.nodes {
			switch {
			case !there[i]:
			case n.kind == cycleValue:
				reach(n.slots[0])
			case n.isHost():
				reach(n.inner[0])
			}
		}
	}
	if !apart {
		hold = nil
	}
	for {
		marks := m.mark(counts, hold)
		if slices.Equal(marks, there) {
			return marks
		}
		there = marks
	}
}

// mark marks what is reachable; counts tells whether the entries of a weak map do,
// and more adds to the roots.
func (m *cycleModel) mark(counts func(at cycleRef, reached bool) bool, more func(reach func(cycleRef))) cycleMarks {
	marks := make(cycleMarks, len(m.nodes))
	var pending []cycleRef
	reach := func(r cycleRef) {
		if r != 0 && !marks[r] {
			marks[r] = true
			pending = append(pending, r)
		}
	}
	m.roots(reach)
	if more != nil {
		more(reach)
	}
	for grown := true; grown; {
		for len(pending) > 0 {
			n := &m.nodes[pending[len(pending)-1]]
			pending = pending[:len(pending)-1]
			n.children(reach)
		}
		grown = false
		for i := range m.nodes {
			n := &m.nodes[i]
			if n.kind != cycleWeakMap || !counts(cycleRef(i), marks[i]) {
				continue
			}
			for _, p := range n.pairs {
				if marks[p.key] && !marks[p.value] {
					reach(p.value)
					grown = true
				}
			}
		}
	}
	return marks
}
