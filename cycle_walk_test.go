package qjswasm_test

import (
	"errors"
	"slices"

	"github.com/qjswasm/qjswasm"
)

// cycleWalk goes through what is reachable by the paths of the model.
type cycleWalk struct {
	*cycleProgram
	reachable, kept cycleMarks
	found           map[cycleRef]*qjswasm.Value
	pending         []cycleRef
	owned           []*qjswasm.Value
}

func (p *cycleProgram) walk(reachable, kept cycleMarks) {
	w := cycleWalk{cycleProgram: p, reachable: reachable, kept: kept, found: map[cycleRef]*qjswasm.Value{}}
	for i, v := range p.values {
		if v != 0 && p.objectOf(v) != 0 {
			w.find(p.objectOf(v), p.value[i])
		}
	}
	for i, r := range p.globals {
		if r != 0 {
			v, err := p.run.guest.rt.Get(p.global(i))
			p.ok(err)
			w.own(r, v)
		}
	}
	for i, s := range p.states {
		if s != 0 {
			w.fields(s, p.state[i])
		}
	}
	for {
		for len(w.pending) > 0 {
			r := w.pending[len(w.pending)-1]
			w.pending = w.pending[:len(w.pending)-1]
			w.visit(r, w.found[r])
		}
		if !w.entries() {
			break
		}
	}
	p.run.walked += len(w.found)
	for _, v := range w.owned {
		v.Close()
	}
}

// find notes a node that was reached.
func (w *cycleWalk) find(r cycleRef, v *qjswasm.Value) {
	if known := w.found[r]; known != nil {
		if known != v && !w.call("same", known, v).Bool() {
			w.fail("%s is two objects", w.name(r))
		}
		return
	}
	if !w.reachable[r] {
		w.fail("the model has no way to %s", w.name(r))
	}
	w.found[r] = v
	w.pending = append(w.pending, r)
}

func (w *cycleWalk) own(r cycleRef, v *qjswasm.Value) {
	w.owned = append(w.owned, v)
	if !v.IsObject() {
		w.fail("%s is %v", w.name(r), v.Kind())
	}
	w.find(r, v)
}

// fields goes on with the Values of a state.
func (w *cycleWalk) fields(r cycleRef, s *cycleState) {
	if s.ID != w.id(r) {
		w.fail("%s has the number %d", w.name(r), s.ID)
	}
	for i, v := range w.nodes[r].slots {
		if v != 0 && w.objectOf(v) != 0 {
			w.find(w.objectOf(v), *s.slot(i))
		}
	}
	next, fn := w.nodes[r].inner[0], w.nodes[r].inner[1]
	if next != 0 && s.next.ID != w.id(next) {
		w.fail("%s leads to a wrong state", w.name(r))
	}
	if fn == 0 || w.nodes[w.callee(w.objectOf(fn))].kind != cycleFunc {
		return
	}
	state := w.nodes[w.callee(w.objectOf(fn))].inner[0]
	if id, err := s.fn("id"); err != nil || id != w.id(state) {
		w.fail("the function of %s says %d, %v", w.name(r), id, err)
	}
}

// visit checks that a node is what it should be, and goes on from there.
func (w *cycleWalk) visit(r cycleRef, v *qjswasm.Value) {
	n := &w.nodes[r]
	number := r
	if n.kind == cycleLive {
		number = n.inner[0]
	}
	if id := w.call("id", v).Int64(); id != int64(w.id(number)) {
		w.fail("%s has the number %d", w.name(r), id)
	}
	if n.kind != cycleProxy && n.kind != cycleLive {
		for i, x := range n.slots {
			if x != 0 {
				w.own(x, w.call("get", v, cycleSlotNames[i]))
			}
		}
	}
	switch n.kind {
	case cycleMap, cycleSet:
		for i, pair := range n.pairs {
			w.own(pair.key, w.call("key", v, i))
			if pair.value != 0 {
				w.own(pair.value, w.call("value", v, i))
			}
		}
	case cycleScriptFunc:
		w.own(n.inner[0], w.invoke(v))
	case cycleProxy:
		w.own(n.inner[0], w.call("get", v, "target"))
	case cycleSeq:
		w.visitSequence(n, v)
	case cycleWeakRef:
		w.visitWeakRef(n, v)
	case cycleLive:
		for i, x := range w.nodes[n.inner[0]].slots {
			if x != 0 && w.objectOf(x) != 0 {
				w.own(w.objectOf(x), w.call("get", v, cycleSlotNames[i]))
			}
		}
	case cycleError:
		var err error
		w.ok(v.ExportTo(&err))
		var of *cycleGoError
		if !errors.As(err, &of) {
			w.fail("%s is %v", w.name(r), err)
		}
		w.fields(n.inner[0], of.state)
	case cycleBound, cycleFunc:
		w.visitFunc(r, v)
	}
}

func (w *cycleWalk) visitWeakRef(n *cycleNode, v *qjswasm.Value) {
	x := w.call("deref", v)
	w.owned = append(w.owned, x)
	switch {
	case x.IsUndefined() && w.reachable[n.weak]:
		w.fail("%s is gone for its WeakRef", w.name(n.weak))
	case !x.IsUndefined() && !w.kept[n.weak]:
		w.fail("%s is there for its WeakRef", w.name(n.weak))
	case w.reachable[n.weak]:
		w.find(n.weak, x)
	}
}

func (w *cycleWalk) visitSequence(n *cycleNode, v *qjswasm.Value) {
	slots := w.nodes[n.inner[0]].slots
	if slices.ContainsFunc(slots[:], func(x cycleRef) bool { return w.nodes[x].closed }) {
		return // that is an error
	}
	list, at := w.call("spread", v), 0
	w.owned = append(w.owned, list)
	for _, x := range slots {
		if x == 0 {
			continue
		}
		y, err := list.Get(at)
		w.ok(err)
		w.own(w.objectOf(x), y)
		at++
	}
}

// visitFunc calls a closure, or a bound function of one.
func (w *cycleWalk) visitFunc(r cycleRef, v *qjswasm.Value) {
	f := w.callee(r)
	if w.nodes[f].kind != cycleFunc {
		return
	}
	state := w.nodes[f].inner[0]
	if id := w.invoke(v, "id").Int64(); id != int64(w.id(state)) {
		w.fail("%s has the state %d", w.name(r), id)
	}
	if n := &w.nodes[r]; n.kind == cycleBound && n.inner[0] == f {
		w.own(n.inner[1], w.invoke(v, "this"))
	}
	for i, x := range w.nodes[f].inner[1:] {
		w.own(x, w.invoke(v, "captured", i))
	}
	for i, x := range w.nodes[state].slots {
		if x != 0 && w.objectOf(x) != 0 {
			w.own(w.objectOf(x), w.invoke(v, "load", i))
		}
	}
}

// entries goes on with the entries of weak maps that have been found with their
// keys.
func (w *cycleWalk) entries() bool {
	for r, m := range w.found {
		n := &w.nodes[r]
		if n.kind != cycleWeakMap && n.kind != cycleWeakSet {
			continue
		}
		for _, p := range n.pairs {
			if key := w.found[p.key]; key == nil {
				continue
			} else if p.value != 0 && w.found[p.value] == nil {
				w.own(p.value, w.call("entry", m, key))
			} else if !w.call("has", m, key).Bool() {
				w.fail("%s has lost %s", w.name(r), w.name(p.key))
			}
		}
	}
	return len(w.pending) > 0
}
