package qjswasm_test

import (
	"weak"

	"github.com/qjswasm/qjswasm"
)

// command calls the closure of register a with a command.
func (p *cycleProgram) command(a int, args ...any) {
	if p.real() {
		p.invoke(p.value[a], args...)
	}
}

func opStore(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(a)
	if state == 0 || p.object(b) == 0 {
		return false
	}
	v := p.newValue(p.object(b))
	p.nodes[state].slots[c] = v
	p.command(a, "store", c, p.value[b])
	return true
}

// opWithin collects while the closure runs, and stores then.
func opWithin(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(a)
	if state == 0 || p.object(b) == 0 {
		return false
	}
	v := p.newValue(p.object(b))
	p.nodes[state].slots[c] = v
	p.command(a, "collect", c, p.value[b])
	return true
}

func opLoad(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(b)
	if state == 0 || p.objectOf(p.nodes[state].slots[c]) == 0 {
		return false
	}
	return p.set(a, p.objectOf(p.nodes[state].slots[c]), func() *qjswasm.Value { return p.invoke(p.value[b], "load", c) })
}

func opClear(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(a)
	if state == 0 || p.nodes[state].slots[c] == 0 {
		return false
	}
	p.nodes[state].slots[c] = 0
	p.command(a, "clear", c)
	return true
}

func opCloseHeld(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(a)
	if state == 0 || p.nodes[state].slots[c] == 0 {
		return false
	}
	p.close(p.nodes[state].slots[c])
	p.command(a, "close", c)
	return true
}

func opStoreGlobal(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(a)
	if state == 0 || p.object(b) == 0 {
		return false
	}
	p.globals[c] = p.object(b)
	p.command(a, "global", p.global(c), p.value[b])
	return true
}

func opCaptured(p *cycleProgram, a, b, c int) bool {
	f, _ := p.closure(b)
	if f == 0 || len(p.nodes[f].inner) < 2 {
		return false
	}
	return p.set(a, p.nodes[f].inner[1], func() *qjswasm.Value { return p.invoke(p.value[b], "captured", 0) })
}

// opNest has a closure call another one, which keeps its argument.
func opNest(p *cycleProgram, a, b, c int) bool {
	x := (b + c + 1) % cycleRegisters
	if p.object(x) == 0 {
		return false
	}
	_, state := p.closure(a)
	_, inner := p.closure(b)
	if state == 0 || inner == 0 || p.nodes[p.object(b)].kind == cycleProxy {
		return false
	}
	v := p.newValue(p.object(x))
	p.nodes[inner].slots[0] = v
	p.command(a, "nest", p.value[b], p.value[x])
	return true
}

// opMake has a closure make another one, which holds the state of the first.
func opMake(p *cycleProgram, a, b, c int) bool {
	_, state := p.closure(b)
	if state == 0 {
		return false
	}
	made := p.add(cycleNode{kind: cycleGo, inner: []cycleRef{state, 0}})
	r := p.add(cycleNode{kind: cycleFunc, inner: []cycleRef{made}})
	return p.set(a, r, func() *qjswasm.Value {
		f := p.invoke(p.value[b], "make", p.id(made))
		p.track[made] = weak.Make(p.last)
		p.last = nil
		p.call("named", f, p.id(r)).Close()
		return f
	})
}

func opThen(p *cycleProgram, a, b, c int) bool {
	x := p.object(a)
	if x == 0 || p.nodes[x].kind != cyclePromise || !p.function(b) {
		return false
	}
	if n := &p.nodes[x]; n.settled {
		p.jobs = append(p.jobs, cycleJob{p.object(b), n.inner[0]})
	} else {
		n.inner = append(n.inner, p.object(b))
	}
	if p.real() {
		p.call("then", p.value[a], p.value[b])
	}
	return true
}

// opResolve resolves a promise with an object that is none.
func opResolve(p *cycleProgram, a, b, c int) bool {
	if p.object(a) == 0 || p.object(b) == 0 {
		return false
	}
	f, x := p.callee(p.object(a)), p.object(b)
	if p.nodes[f].kind != cycleResolver || p.nodes[p.target(x)].kind == cyclePromise {
		return false
	}
	if n := &p.nodes[p.nodes[f].inner[0]]; !n.settled {
		for _, f := range n.inner[1:] {
			p.jobs = append(p.jobs, cycleJob{f, x})
		}
		n.settled, n.inner = true, []cycleRef{x}
	}
	p.command(a, p.value[b])
	return true
}

func opMicrotask(p *cycleProgram, a, b, c int) bool {
	if p.object(b) == 0 || !p.function(a) {
		return false
	}
	p.jobs = append(p.jobs, cycleJob{p.object(a), p.object(b)})
	if p.real() {
		p.call("microtask", p.value[a], p.value[b])
	}
	return true
}

// opDeref may find an object that is unreachable and not collected, which it makes
// reachable again.
func opDeref(p *cycleProgram, a, b, c int) bool {
	if p.object(b) == 0 {
		return false
	}
	w := p.nodes[p.object(b)]
	if w.kind != cycleWeakRef {
		return false
	}
	reached := p.reachable()[w.weak]
	if !p.real() {
		return reached && p.set(a, w.weak, nil)
	}
	v := p.call("deref", p.value[b])
	switch {
	case v.IsUndefined() && reached:
		p.fail("%s is gone for its WeakRef", p.name(w.weak))
	case v.IsUndefined():
		return false
	case p.nodes[w.weak].dead:
		p.fail("the WeakRef of %s has found it", p.name(w.weak))
	}
	return p.set(a, w.weak, func() *qjswasm.Value { return v })
}

func opObserve(p *cycleProgram, a, b, c int) bool {
	x := p.object(a)
	if x == 0 || p.nodes[x].observed {
		return false
	}
	p.nodes[x].observed = true
	if p.real() {
		p.call("observe", p.value[a], p.id(x))
	}
	return true
}

// opHold has the FinalizationRegistry hold an object until another one is dead.
func opHold(p *cycleProgram, a, b, c int) bool {
	x := p.object(a)
	if x == 0 || p.object(b) == 0 {
		return false
	}
	p.held = append(p.held, cycleHeld{x, p.object(b)})
	if p.real() {
		p.call("hold", p.value[a], p.id(x), p.value[b])
	}
	return true
}
