package qjswasm_test

import (
	"iter"

	"github.com/qjswasm/qjswasm"
)

// cycleOp is an operation: do returns false if there is nothing it could apply to.
// Operand a is the register that it changes or uses first.
type cycleOp struct {
	name   string
	weight int
	do     func(p *cycleProgram, a, b, c int) bool
}

var cycleOps = [...]cycleOp{
	{"object", 8, opObject}, {"function", 3, opFunction}, {"closure", 10, opClosure}, {"captures", 3, opCaptures},
	{"bound", 2, opBound}, {"proxy", 3, opProxy}, {"promise", 4, opPromise}, {"weakref", 2, opWeakRef},
	{"live", 4, opLive}, {"error", 3, opError}, {"sequence", 3, opSequence}, {"gofunc", 4, opGoFunc},
	{"state", 4, opState}, {"keep", 8, opKeep}, {"unkeep", 3, opUnkeep}, {"next", 4, opNext}, {"take", 4, opTake},
	{"alias", 2, opAlias}, {"dup", 2, opDup}, {"drop", 14, opDrop}, {"close", 2, opClose}, {"dropstate", 4, opDropState},
	{"global", 4, opGlobal}, {"globalget", 2, opGlobalGet}, {"globaldrop", 3, opGlobalDrop},
	{"link", 10, opLink}, {"unlink", 4, opUnlink}, {"get", 4, opGet},
	{"add", 14, opAdd}, {"delete", 6, opDelete}, {"entry", 8, opEntry},
	{"store", 12, opStore}, {"load", 3, opLoad}, {"clear", 2, opClear}, {"closeheld", 1, opCloseHeld}, {"storeglobal", 2, opStoreGlobal},
	{"captured", 2, opCaptured}, {"nest", 3, opNest}, {"make", 3, opMake}, {"within", 1, opWithin},
	{"then", 12, opThen}, {"resolve", 10, opResolve}, {"microtask", 3, opMicrotask},
	{"deref", 4, opDeref}, {"observe", 8, opObserve}, {"hold", 2, opHold},
	{"jobs", 0, nil}, {"collect", 0, nil}, {"gc", 0, nil}, {"leave", 0, nil}, {"check", 0, nil},
}

var cyclePlain = [...]cycleKind{cycleObject, cycleArray, cycleMap, cycleSet, cycleWeakMap, cycleWeakSet, cycleWeakMap, cycleMap}

func opObject(p *cycleProgram, a, b, c int) bool {
	k := cyclePlain[b]
	return p.create(a, cycleNode{kind: k}, cycleKindNames[k])
}

func opFunction(p *cycleProgram, a, b, c int) bool {
	x := p.object(b)
	return x != 0 && p.create(a, cycleNode{kind: cycleScriptFunc, inner: []cycleRef{x}}, "function", p.value[b])
}

// opClosure makes a closure with the state of a variable, or with a new one.
func opClosure(p *cycleProgram, a, b, c int) bool { return p.newClosure(a, b) }

// opCaptures makes one that captures an object too.
func opCaptures(p *cycleProgram, a, b, c int) bool {
	return p.object(c) != 0 && p.newClosure(a, b, c)
}

func (p *cycleProgram) newClosure(a, b int, captures ...int) bool {
	var state cycleRef
	var s *cycleState
	if p.goState(b) != 0 {
		state, s = p.states[b], p.state[b]
	} else {
		state, s = p.newState()
	}
	n := cycleNode{kind: cycleFunc, inner: []cycleRef{state}}
	var values []any
	for _, i := range captures {
		n.inner = append(n.inner, p.object(i))
		values = append(values, p.value[i])
	}
	r := p.add(n)
	return p.set(a, r, func() *qjswasm.Value {
		released := new(int)
		p.released[r] = released
		f, err := p.run.guest.rt.NewFunc("closure", s.call, qjswasm.Captures(values...), qjswasm.OnRelease(func() { *released++ }))
		p.ok(err)
		p.call("named", f, p.id(r)).Close()
		return f
	})
}

func opBound(p *cycleProgram, a, b, c int) bool {
	f, x := p.object(b), p.object(c)
	if f == 0 || x == 0 || p.callee(f) == 0 {
		return false
	}
	if p.nodes[f].kind == cycleProxy { // it has no bind of its own
		return false
	}
	return p.create(a, cycleNode{kind: cycleBound, inner: []cycleRef{f, x}}, "bound", p.value[b], p.value[c])
}

func opProxy(p *cycleProgram, a, b, c int) bool {
	x := p.object(b)
	return x != 0 && p.create(a, cycleNode{kind: cycleProxy, inner: []cycleRef{x}}, "Proxy", p.value[b])
}

// opPromise makes a promise, and in another register the function that resolves it.
func opPromise(p *cycleProgram, a, b, c int) bool {
	if b >= cycleRegisters {
		return false
	}
	promise := p.add(cycleNode{kind: cyclePromise, inner: []cycleRef{0}})
	resolver := p.add(cycleNode{kind: cycleResolver, inner: []cycleRef{promise}})
	var both *qjswasm.Value
	if p.real() {
		both = p.call("promise", p.id(promise), p.id(resolver))
		defer both.Close()
	}
	part := func(i int) func() *qjswasm.Value {
		return func() *qjswasm.Value {
			v, err := both.Get(i)
			p.ok(err)
			return v
		}
	}
	return p.set(a, promise, part(0)) && p.set(b, resolver, part(1))
}

func opWeakRef(p *cycleProgram, a, b, c int) bool {
	x := p.object(b)
	return x != 0 && p.create(a, cycleNode{kind: cycleWeakRef, weak: x}, "WeakRef", p.value[b])
}

// opLive makes a live object of a state, or gets the one that there is.
func opLive(p *cycleProgram, a, b, c int) bool {
	if p.goState(b) == 0 {
		return false
	}
	marks := p.reachable()
	r := cycleRef(0)
	for i, n := range p.nodes {
		if n.kind == cycleLive && n.inner[0] == p.states[b] && !n.dead {
			if !marks[i] {
				return false // it may be there or not
			}
			r = cycleRef(i)
		}
	}
	if r == 0 {
		r = p.add(cycleNode{kind: cycleLive, inner: []cycleRef{p.states[b]}})
	}
	return p.set(a, r, func() *qjswasm.Value {
		v, err := p.run.guest.rt.NewValue(qjswasm.Live(p.state[b]))
		p.ok(err)
		return v
	})
}

func opError(p *cycleProgram, a, b, c int) bool {
	if p.goState(b) == 0 {
		return false
	}
	r := p.add(cycleNode{kind: cycleError, inner: []cycleRef{p.states[b]}})
	return p.set(a, r, func() *qjswasm.Value {
		v, err := p.run.guest.rt.NewValue(&cycleGoError{p.state[b]})
		p.ok(err)
		p.call("named", v, p.id(r)).Close()
		return v
	})
}

// opSequence makes an iterable of what a state holds.
func opSequence(p *cycleProgram, a, b, c int) bool {
	if p.goState(b) == 0 {
		return false
	}
	r := p.add(cycleNode{kind: cycleSeq, inner: []cycleRef{p.states[b]}})
	return p.set(a, r, func() *qjswasm.Value {
		v, err := p.run.guest.rt.NewValue(iter.Seq[any](p.state[b].values))
		p.ok(err)
		p.call("named", v, p.id(r)).Close()
		return v
	})
}

// opGoFunc has a state hold a Go function of a function.
func opGoFunc(p *cycleProgram, a, b, c int) bool {
	f := p.object(b)
	if f == 0 || p.goState(a) == 0 || p.nodes[f].kind == cycleProxy || p.callee(f) == 0 {
		return false
	}
	v := p.newValue(f)
	p.nodes[p.states[a]].inner[1] = v
	if p.real() {
		var err error
		p.state[a].fn, err = qjswasm.As[func(string) (int, error)](p.value[b])
		p.ok(err)
	}
	return true
}

func opState(p *cycleProgram, a, b, c int) bool {
	if a >= cycleStates {
		return false
	}
	p.states[a], p.state[a] = p.newState()
	return true
}

// opKeep stores a Value in a state, as Go code does.
func opKeep(p *cycleProgram, a, b, c int) bool {
	if p.goState(b) == 0 || p.object(a) == 0 {
		return false
	}
	p.nodes[p.states[b]].slots[c] = p.values[a]
	if p.real() {
		*p.state[b].slot(c) = p.value[a]
	}
	return true
}

func opUnkeep(p *cycleProgram, a, b, c int) bool {
	if p.goState(b) == 0 || p.nodes[p.states[b]].slots[c] == 0 {
		return false
	}
	p.nodes[p.states[b]].slots[c] = 0
	if p.real() {
		*p.state[b].slot(c) = nil
	}
	return true
}

func opNext(p *cycleProgram, a, b, c int) bool {
	if p.goState(a) == 0 || p.goState(b) == 0 {
		return false
	}
	p.nodes[p.states[a]].inner[0] = p.states[b]
	if p.real() {
		p.state[a].next = p.state[b]
	}
	return true
}

// opTake puts a Value that a state holds into a register.
func opTake(p *cycleProgram, a, b, c int) bool {
	if p.goState(b) == 0 || p.nodes[p.states[b]].slots[c] == 0 {
		return false
	}
	p.values[a] = p.nodes[p.states[b]].slots[c]
	if p.real() {
		p.value[a] = *p.state[b].slot(c)
	}
	return true
}
