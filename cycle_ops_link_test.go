package qjswasm_test

import (
	"slices"

	"github.com/qjswasm/qjswasm"
)

func opAlias(p *cycleProgram, a, b, c int) bool {
	if b >= cycleRegisters || a == b || p.values[b] == 0 {
		return false
	}
	p.values[a], p.value[a] = p.values[b], p.value[b]
	return true
}

func opDup(p *cycleProgram, a, b, c int) bool {
	if p.object(b) == 0 {
		return false
	}
	return p.set(a, p.object(b), p.value[b].Dup)
}

func opDrop(p *cycleProgram, a, b, c int) bool {
	if p.values[a] == 0 {
		return false
	}
	p.values[a], p.value[a] = 0, nil
	return true
}

func opClose(p *cycleProgram, a, b, c int) bool {
	if p.values[a] == 0 {
		return false
	}
	p.close(p.values[a])
	if p.real() {
		p.value[a].Close()
	}
	return true
}

func (p *cycleProgram) close(value cycleRef) {
	p.nodes[value].closed, p.nodes[value].slots[0] = true, 0
}

func opDropState(p *cycleProgram, a, b, c int) bool {
	if p.goState(a) == 0 {
		return false
	}
	p.states[a], p.state[a] = 0, nil
	return true
}

func opGlobal(p *cycleProgram, a, b, c int) bool {
	if p.object(a) == 0 {
		return false
	}
	p.globals[c] = p.object(a)
	if p.real() {
		p.ok(p.run.guest.rt.Set(p.global(c), p.value[a]))
	}
	return true
}

func opGlobalGet(p *cycleProgram, a, b, c int) bool {
	if p.globals[c] == 0 {
		return false
	}
	return p.set(a, p.globals[c], func() *qjswasm.Value {
		v, err := p.run.guest.rt.Get(p.global(c))
		p.ok(err)
		return v
	})
}

func opGlobalDrop(p *cycleProgram, a, b, c int) bool {
	if p.globals[c] == 0 {
		return false
	}
	p.globals[c] = 0
	if p.real() {
		p.ok(p.run.guest.rt.Set(p.global(c), nil))
	}
	return true
}

// slotOf returns where property c of what is in register a has its object in the
// model; value tells that it is in a Value of Go.
func (p *cycleProgram) slotOf(a, c int) (slot *cycleRef, value bool) {
	r := p.object(a)
	if r == 0 {
		return nil, false
	}
	n := &p.nodes[p.target(r)]
	if n.kind != cycleLive {
		return &n.slots[c], false
	}
	if p.nodes[r].kind == cycleProxy {
		return nil, false // the receiver is no live object
	}
	return &p.nodes[n.inner[0]].slots[c], true
}

func opLink(p *cycleProgram, a, b, c int) bool {
	slot, value := p.slotOf(a, c)
	if slot == nil || p.object(b) == 0 {
		return false
	}
	if x := p.object(b); !value {
		*slot = x
	} else {
		v := p.newValue(x)
		slot, _ = p.slotOf(a, c) // the nodes may have moved
		*slot = v
	}
	if p.real() {
		p.call("set", p.value[a], cycleSlotNames[c], p.value[b])
	}
	return true
}

func opUnlink(p *cycleProgram, a, b, c int) bool {
	slot, _ := p.slotOf(a, c)
	if slot == nil || *slot == 0 {
		return false
	}
	*slot = 0
	if p.real() {
		p.call("set", p.value[a], cycleSlotNames[c], nil)
	}
	return true
}

func opGet(p *cycleProgram, a, b, c int) bool {
	slot, value := p.slotOf(b, c)
	if slot == nil {
		return false
	}
	x := *slot
	if value {
		x = p.objectOf(x)
	}
	return x != 0 && p.set(a, x, func() *qjswasm.Value { return p.call("get", p.value[b], cycleSlotNames[c]) })
}

// collection returns the collection in register i.
func (p *cycleProgram) collection(i int) *cycleNode {
	switch n := &p.nodes[p.object(i)]; n.kind {
	case cycleMap, cycleSet, cycleWeakMap, cycleWeakSet:
		return n
	}
	return nil
}

// find is the place of a key among the pairs.
func (n *cycleNode) find(key cycleRef) int {
	return slices.IndexFunc(n.pairs, func(p cyclePair) bool { return p.key == key })
}

// collectionAndKey is collection(a) with the key in register b.
func (p *cycleProgram) collectionAndKey(a, b int) (n *cycleNode, key cycleRef) {
	if p.object(a) == 0 || p.object(b) == 0 {
		return nil, 0
	}
	return p.collection(a), p.object(b)
}

func opAdd(p *cycleProgram, a, b, c int) bool {
	n, key := p.collectionAndKey(a, b)
	v := (b + c + 1) % cycleRegisters
	value := p.object(v)
	if n == nil || value == 0 {
		return false
	}
	if n.kind == cycleSet || n.kind == cycleWeakSet {
		value = 0
	}
	if i := n.find(key); i >= 0 {
		n.pairs[i].value = value
	} else {
		n.pairs = append(n.pairs, cyclePair{key, value})
	}
	if p.real() {
		p.call("add", p.value[a], p.value[b], p.value[v])
	}
	return true
}

func opDelete(p *cycleProgram, a, b, c int) bool {
	n, key := p.collectionAndKey(a, b)
	if n == nil || n.find(key) < 0 {
		return false
	}
	i := n.find(key)
	n.pairs = slices.Delete(n.pairs, i, i+1)
	if p.real() {
		p.call("delete", p.value[a], p.value[b])
	}
	return true
}

func opEntry(p *cycleProgram, a, b, c int) bool {
	k := (b + c + 1) % cycleRegisters
	n, key := p.collectionAndKey(b, k)
	if n == nil || n.find(key) < 0 || n.pairs[n.find(key)].value == 0 {
		return false
	}
	return p.set(a, n.pairs[n.find(key)].value, func() *qjswasm.Value {
		return p.call("entry", p.value[b], p.value[k])
	})
}
