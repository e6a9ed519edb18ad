package qjswasm_test

import (
	"fmt"
	"strings"
	"weak"

	"github.com/qjswasm/qjswasm"
)

// cycleStep is one operation of a program, or of none that is for the whole
// runtime. What it cannot apply to it leaves alone, so that steps can be taken out
// of a list.
type cycleStep struct {
	program int
	op      *cycleOp
	a, b, c int
}

func (s cycleStep) String() string {
	return fmt.Sprintf("%d.%s.%d.%d.%d", s.program, s.op.name, s.a, s.b, s.c)
}

// cycleListing is the form in which steps are printed and read.
func cycleListing(steps []cycleStep) string {
	list := make([]string, len(steps))
	for i, s := range steps {
		list[i] = s.String()
	}
	return strings.Join(list, " ")
}

func parseCycleListing(text string) (steps []cycleStep, err error) {
	for _, word := range strings.Fields(text) {
		s, name := cycleStep{}, ""
		if _, err := fmt.Sscanf(strings.ReplaceAll(word, ".", " "), "%d %s %d %d %d", &s.program, &name, &s.a, &s.b, &s.c); err != nil {
			return nil, fmt.Errorf("%s: %w", word, err)
		}
		for i := range cycleOps {
			if cycleOps[i].name == name {
				s.op = &cycleOps[i]
			}
		}
		if s.op == nil {
			return nil, fmt.Errorf("%s: no such step", word)
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// cycleProgram is a program and its model. Without a run it is the model alone.
type cycleProgram struct {
	cycleModel
	run    *cycleRun
	number int
	value  [cycleRegisters]*qjswasm.Value
	state  [cycleStates]*cycleState
	track  map[cycleRef]cycleTrack
	last   *cycleState // that a callback made

	released map[cycleRef]*int // calls of OnRelease
}

func newCycleProgram(r *cycleRun, number int) *cycleProgram {
	return &cycleProgram{run: r, number: number, track: map[cycleRef]cycleTrack{}, released: map[cycleRef]*int{}}
}

// cycleFailure is what a run panics with.
type cycleFailure struct{ error }

func (p *cycleProgram) fail(format string, args ...any) {
	panic(cycleFailure{fmt.Errorf("program %d: %w", p.number, fmt.Errorf(format, args...))})
}

// id is the number by which a node is known in the guest.
func (p *cycleProgram) id(r cycleRef) int { return p.number<<16 | int(r) }

// name is how a failure speaks of a node.
func (p *cycleProgram) name(r cycleRef) string {
	return fmt.Sprintf("%s %d", cycleKindNames[p.nodes[r].kind], r)
}

func (p *cycleProgram) ok(err error) {
	if err != nil {
		p.fail("%w", err)
	}
}

// call calls a helper. Only values that are objects are kept by anybody.
func (p *cycleProgram) call(helper string, args ...any) *qjswasm.Value {
	v, err := p.run.guest.helpers[helper].Call(ctx, nil, args...)
	if err != nil {
		p.fail("%s: %w", helper, err)
	}
	return v
}

// invoke calls a function of the program.
func (p *cycleProgram) invoke(f *qjswasm.Value, args ...any) *qjswasm.Value {
	if f.Kind() == qjswasm.KindProxy { // as scripts do
		args = append([]any{f}, args...)
		f = p.run.guest.helpers["call"]
	}
	v, err := f.Call(ctx, nil, args...)
	if err != nil {
		p.fail("call: %w", err)
	}
	return v
}

// object is what the Value in register i holds, 0 for none.
func (p *cycleProgram) object(i int) cycleRef {
	if i >= cycleRegisters {
		return 0
	}
	return p.objectOf(p.values[i])
}

// objectOf is what a Value holds, 0 if it is closed.
func (p *cycleProgram) objectOf(value cycleRef) cycleRef {
	if value == 0 {
		return 0
	}
	return p.nodes[value].slots[0]
}

// goState is the state in variable i, 0 for none.
func (p *cycleProgram) goState(i int) cycleRef {
	if i >= cycleStates {
		return 0
	}
	return p.states[i]
}

// real tells whether there is a guest.
func (p *cycleProgram) real() bool { return p.run != nil }

// newValue is a Value for an object in the model.
func (p *cycleProgram) newValue(object cycleRef) cycleRef {
	n := cycleNode{kind: cycleValue}
	n.slots[0] = object
	return p.add(n)
}

// set puts a new Value for an object into register i.
func (p *cycleProgram) set(i int, object cycleRef, make func() *qjswasm.Value) bool {
	p.values[i] = p.newValue(object)
	if p.real() {
		p.value[i] = make()
		if !p.value[i].IsObject() {
			p.fail("%s is %v", p.name(object), p.value[i].Kind())
		}
	}
	return true
}

// create puts a new object into register i.
func (p *cycleProgram) create(i int, n cycleNode, helper string, args ...any) bool {
	r := p.add(n)
	return p.set(i, r, func() *qjswasm.Value { return p.call(helper, append([]any{p.id(r)}, args...)...) })
}

// newState makes a state, in the model and in Go.
func (p *cycleProgram) newState() (r cycleRef, s *cycleState) {
	r = p.add(cycleNode{kind: cycleGo, inner: []cycleRef{0, 0}})
	if p.real() {
		s = &cycleState{ID: p.id(r), made: func(made *cycleState) { p.last = made }}
		p.track[r] = weak.Make(s)
	}
	return r, s
}

// closure returns the closure that register i comes down to, and its state.
func (p *cycleProgram) closure(i int) (f, state cycleRef) {
	if p.object(i) == 0 {
		return 0, 0
	}
	f = p.callee(p.object(i))
	if p.nodes[f].kind != cycleFunc {
		return 0, 0
	}
	return f, p.nodes[f].inner[0]
}

// function tells whether register i has a function that may wait for a promise.
func (p *cycleProgram) function(i int) bool {
	r := p.object(i)
	if r == 0 {
		return false
	}
	k := p.nodes[p.callee(r)].kind
	return k == cycleFunc || k == cycleScriptFunc
}

// runJobs does in the model what pending jobs do.
func (p *cycleProgram) runJobs() {
	for _, j := range p.jobs {
		if f := p.callee(j.fn); p.nodes[f].kind == cycleFunc {
			p.nodes[p.nodes[f].inner[0]].slots[0] = p.newValue(j.arg)
		}
	}
	p.jobs = nil
}

// drop ends a program: nothing of it is reachable any more.
func (p *cycleProgram) drop() {
	p.values, p.states = [cycleRegisters]cycleRef{}, [cycleStates]cycleRef{}
	p.value, p.state = [cycleRegisters]*qjswasm.Value{}, [cycleStates]*cycleState{}
	for i, r := range p.globals {
		if r != 0 && p.real() {
			p.ok(p.run.guest.rt.Set(p.global(i), nil))
		}
	}
	p.globals = [cycleGlobals]cycleRef{}
}

// sever empties all states, so that nothing is left of cycles through both heaps.
func (p *cycleProgram) sever() {
	for r, track := range p.track {
		n := &p.nodes[r]
		n.slots, n.inner = [cycleSlots]cycleRef{}, []cycleRef{0, 0}
		if s := track.Value(); s != nil {
			*s = cycleState{ID: s.ID}
		}
	}
}

// global is the name of a global.
func (p *cycleProgram) global(i int) string { return fmt.Sprintf("cycle%d_%d", p.number, i) }
