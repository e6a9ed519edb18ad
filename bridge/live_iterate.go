package bridge

import (
	"errors"
	"reflect"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

var errNoSequence = errors.New("its method All returned nil")

// liveIterator is the method that the iterations of a type's objects begin with.
type liveIterator struct {
	name string
	all  reflect.Value
	s    sequence
}

// iterates returns the iterator of a type with a method All that returns a
// sequence and has no parameters.
func (p *livePlan) iterates() (it liveIterator, ok bool) {
	m, ok := reflect.PointerTo(p.t).MethodByName("All")
	if !ok || m.Type.NumIn() != 1 || m.Type.NumOut() != 1 {
		return it, false
	}
	it = liveIterator{name: "[Symbol.iterator]", all: m.Func}
	it.s, ok = sequenceOf(m.Type.Out(0))
	return it, ok && it.s.convertible()
}

// iterate makes the host function that begins an iteration.
func (it liveIterator) iterate(r *Realm, p *livePlan) func(*host.Invocation) uint32 {
	return func(inv *host.Invocation) uint32 {
		o, err := p.receiver(r, inv, it.name)
		if err != nil {
			return r.Emb.Throw(inv, err)
		}
		seq := it.all.Call([]reflect.Value{o.variable().Addr()})[0]
		if seq.IsNil() {
			return inv.Throw(host.TypeError, errNoSequence)
		}
		next, released := r.pull(seq, it.s, true)
		return r.returnNext(inv, next, released, abi.FuncIterator)
	}
}

// livePair makes two values the result of an invocation, in an array.
func (r *Realm) livePair(inv *host.Invocation, k, v reflect.Value) uint32 {
	e := Encoder{R: r, Req: inv.ReturnTape()}
	_, err := e.begin(abi.TapeArray, identity{})
	if err == nil {
		e.u32(2)
		err = e.liveValue(k)
	}
	if err == nil {
		err = e.liveValue(v)
	}
	if err != nil {
		return r.Emb.Throw(inv, err)
	}
	e.end()
	return abi.StatusOK
}
