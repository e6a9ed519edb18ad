package bridge

import (
	"errors"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// sequence describes a func type that range accepts and that yields one or two
// values: iter.Seq, iter.Seq2 and types of their shape.
type sequence struct {
	fn    reflect.Type
	yield reflect.Type
	elem  reflect.Type // the first value
	value reflect.Type // the second, nil if there is one only
	err   bool         // the second is an error: it tells how the sequence ended
}

func sequenceOf(t reflect.Type) (s sequence, ok bool) {
	if t.Kind() != reflect.Func || t.NumIn() != 1 || t.NumOut() != 0 {
		return s, false
	}
	y := t.In(0)
	if y.Kind() != reflect.Func || y.NumOut() != 1 || y.Out(0) != boolType || y.IsVariadic() || t.IsVariadic() {
		return s, false
	}
	s = sequence{fn: t, yield: y}
	switch y.NumIn() {
	case 2:
		s.value = y.In(1)
		s.err = s.value == errorType
		fallthrough
	case 1:
		s.elem = y.In(0)
		return s, true
	}
	return s, false
}

// IsSequence tells whether a Go type has the shape of iter.Seq or iter.Seq2.
func IsSequence(t reflect.Type) bool {
	_, ok := sequenceOf(t)
	return ok
}

var (
	boolType = reflect.TypeFor[bool]()

	errIterating  = errors.New("the Go iterator is running already")
	errYield      = errors.New("qjswasm: a Go iterator yields from inside a call into the runtime that iterates over it, or while another goroutine makes one")
	errYieldTwice = errors.New("qjswasm: a Go iterator yields again before yield has returned")
	errSendOnly   = errors.New("nothing can be received from it")
)

// convertible tells whether what it yields can have a JS form.
func (s *sequence) convertible() bool {
	return convertible(s.elem) && (s.value == nil || convertible(s.value))
}

// sequence appends an iterable: each of its iterations runs the Go function anew.
// What a live one yields is used in place.
func (e *Encoder) sequence(v reflect.Value, s sequence, live bool) error {
	if !s.convertible() {
		return toJS(s.fn, nil)
	}
	r := e.R
	return e.iterable(abi.FuncIterable, func() (call func(*host.Invocation) uint32, released func()) {
		return r.pull(v, s, live)
	})
}

// channel appends an asynchronous iterable: each step receives a value.
func (e *Encoder) channel(v reflect.Value) error {
	t := v.Type()
	switch {
	case t.ChanDir()&reflect.RecvDir == 0:
		return toJS(t, errSendOnly)
	case !receivable(t):
		return toJS(t, nil)
	}
	r := e.R
	return e.iterable(abi.FuncAsyncIterable, func() (call func(*host.Invocation) uint32, released func()) {
		return r.Emb.Receiver(v)
	})
}

// iterable appends an iterable whose iterations begin makes.
func (e *Encoder) iterable(flag uint32, begin func() (call func(*host.Invocation) uint32, released func())) error {
	r := e.R
	return e.Function(&Function{Name: "iterator", flags: flag, Fn: func(inv *host.Invocation) uint32 {
		call, released := begin()
		return r.returnNext(inv, call, released, 0)
	}})
}

// returnNext makes the function that takes an iteration's steps the result of an
// invocation.
func (r *Realm) returnNext(inv *host.Invocation, call func(*host.Invocation) uint32, released func(), flags uint32) uint32 {
	e := Encoder{R: r, Req: inv.ReturnTape()}
	next := Function{Fn: call, Name: "next", Released: released, bytes: host.CostGoroutine, flags: flags}
	if err := e.Function(&next); err != nil {
		return r.Emb.Throw(inv, err)
	}
	return abi.StatusOK
}

// pull is one iteration of a script over a Go sequence.
type pull struct {
	*progress
	seq   reflect.Value
	shape sequence
	live  bool // what it yields is used in place
}

// progress is how far an iteration has come. It must not lead to the sequence but
// through the coroutine: it is kept while the guest has the iterator.
type progress struct {
	r       *Realm
	running atomic.Bool // whoever sets it has the rest
	co      *coroutine  // nil before the first step
	ended   bool
}

// pull begins an iteration.
func (r *Realm) pull(seq reflect.Value, s sequence, live bool) (call func(*host.Invocation) uint32, released func()) {
	p := &pull{progress: &progress{r: r}, seq: seq, shape: s, live: live}
	return p.call, p.progress.end
}

// call is the host function of an iterator: without arguments the next step, with
// one the end.
func (p *pull) call(inv *host.Invocation) uint32 {
	if !p.running.CompareAndSwap(false, true) {
		return inv.Throw(host.TypeError, errIterating)
	}
	if inv.NumArgs() > 0 {
		p.stop()
		return abi.StatusUndefined
	}
	k, v, ok := p.step(inv.Depth())
	if !ok {
		return abi.StatusDone
	}
	status := p.give(inv, k, v)
	if status == abi.StatusThrow {
		inv.Lend()
		p.end() // nobody closes an iterator that threw
		inv.Reclaim()
		runtime.KeepAlive([2]reflect.Value{k, v}) // one of them may be what is thrown
	}
	return status
}

// step is for who has set running. It goes on with the sequence for the invocation at
// that depth.
func (p *pull) step(depth int) (k, v reflect.Value, ok bool) {
	defer p.running.Store(false)
	if p.ended {
		return k, v, false
	}
	defer func() {
		if !ok { // over, or a panic
			p.ended = true
			p.r.coroutines().remove(p.co)
		}
	}()
	if p.co == nil {
		p.co = newCoroutine(p.r.In, p.seq, p.shape, depth)
		p.r.coroutines().add(p.co)
		return p.co.receive()
	}
	return p.co.next(depth)
}

// give makes what was yielded the result of an invocation.
func (p *pull) give(inv *host.Invocation, k, v reflect.Value) uint32 {
	if p.shape.err {
		if err, _ := v.Interface().(error); err != nil {
			return p.r.Emb.Throw(inv, err)
		}
	}
	one := p.shape.value == nil || p.shape.err
	switch {
	case p.live && one:
		if c, ok := primitiveCell(k.Interface()); ok {
			return inv.Return(c)
		}
		return p.r.liveReturn(inv, k)
	case p.live:
		return p.r.livePair(inv, k, v)
	case one:
		return p.r.Return(inv, k.Interface())
	}
	return p.r.Return(inv, []any{k.Interface(), v.Interface()})
}

// end stops the sequence: its yield returns false, and what it defers runs.
func (p *progress) end() {
	if p.running.CompareAndSwap(false, true) {
		p.stop()
	}
}

// stop is end for who has set running.
func (p *progress) stop() {
	defer p.running.Store(false)
	if p.ended {
		return
	}
	p.ended = true
	if p.co != nil && p.r.coroutines().remove(p.co) {
		p.co.end()
	}
}
