package bridge

import (
	"errors"
	"iter"
	"reflect"
	"runtime"
	"sync"
	"weak"

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

	errIterating = errors.New("the Go iterator is running already")
	errYield     = errors.New("qjswasm: a Go iterator yields from inside a call into the runtime that iterates over it")
	errSendOnly  = errors.New("nothing can be received from it")
)

// sequence appends an iterable: each of its iterations runs the Go function anew.
func (e *Encoder) sequence(v reflect.Value, s sequence) error {
	if !convertible(s.elem) || s.value != nil && !convertible(s.value) {
		return toJS(s.fn, nil)
	}
	r := e.R
	return e.iterable(abi.FuncIterable, func() (call func(*host.Invocation) uint32, released func()) {
		p := &pull{r: r, seq: v, shape: s}
		return p.call, p.end
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
		next := Encoder{R: r, Req: inv.ReturnTape()}
		if err := next.Function(&Function{Fn: call, Name: "next", Released: released, bytes: host.CostGoroutine}); err != nil {
			return r.Emb.Throw(inv, err)
		}
		return abi.StatusOK
	}})
}

// pull is one iteration of a script over a Go sequence.
type pull struct {
	r       *Realm
	seq     reflect.Value
	shape   sequence
	co      *coroutine // nil before the first step
	running bool
	ended   bool
}

// coroutine is where a Go sequence waits between two steps. It must not refer to
// the realm: what waits is reachable, and so a runtime that Go drops meanwhile
// would be too.
type coroutine struct {
	next  func() (reflect.Value, reflect.Value, bool)
	stop  func()
	guest weak.Pointer[host.Instance]
	depth int // of the guest's calls, when it goes on
}

func newCoroutine(in *host.Instance, seq reflect.Value, s sequence) *coroutine {
	c := &coroutine{guest: weak.Make(in)}
	c.next, c.stop = iter.Pull2(func(yield func(reflect.Value, reflect.Value) bool) {
		out := []reflect.Value{reflect.ValueOf(true)}
		seq.Call([]reflect.Value{reflect.MakeFunc(s.yield, func(args []reflect.Value) []reflect.Value {
			// From inside the guest there is no way back to the step's caller.
			if in := c.guest.Value(); in != nil && in.Depth() != c.depth {
				panic(errYield)
			}
			out[0] = reflect.ValueOf(yield(args[0], args[len(args)-1]))
			return out
		})})
	})
	return c
}

// call is the host function of an iterator: without arguments the next step, with
// one the end.
func (p *pull) call(inv *host.Invocation) uint32 {
	switch {
	case p.running:
		return inv.Throw(host.TypeError, errIterating)
	case inv.NumArgs() > 0:
		p.end()
		return abi.StatusUndefined
	case p.ended:
		return abi.StatusDone
	}
	k, v, ok := p.step()
	if !ok {
		return abi.StatusDone
	}
	status := p.give(inv, k, v)
	if status == abi.StatusThrow {
		p.end() // nobody closes an iterator that threw
	}
	return status
}

func (p *pull) step() (k, v reflect.Value, ok bool) {
	if p.co == nil {
		p.co = newCoroutine(p.r.In, p.seq, p.shape)
		p.r.coroutines().add(p.co)
	}
	p.running = true
	defer func() {
		p.running = false
		if !ok { // over, or a panic
			p.ended = true
			p.r.coroutines().remove(p.co)
		}
	}()
	p.co.depth = p.r.In.Depth()
	return p.co.next()
}

// give makes what was yielded the result of an invocation.
func (p *pull) give(inv *host.Invocation, k, v reflect.Value) uint32 {
	switch {
	case p.shape.value == nil:
		return p.r.Return(inv, k.Interface())
	case p.shape.err:
		if err, _ := v.Interface().(error); err != nil {
			return p.r.Emb.Throw(inv, err)
		}
		return p.r.Return(inv, k.Interface())
	}
	return p.r.Return(inv, []any{k.Interface(), v.Interface()})
}

// end stops the sequence: its yield returns false, and what it defers runs.
func (p *pull) end() {
	if p.ended || p.running {
		return
	}
	p.ended = true
	if p.co == nil {
		return
	}
	p.r.coroutines().remove(p.co)
	p.running = true
	defer func() { p.running = false }()
	p.co.depth = p.r.In.Depth()
	p.co.stop()
}

// coroutines are the Go sequences that scripts are in the middle of.
type coroutines struct {
	mu   sync.Mutex
	live map[*coroutine]struct{}
}

// coroutines makes the set with the first of them. A runtime that is dropped
// without Close stops them too; not on the goroutine of the cleanup, since that is
// user code.
func (r *Realm) coroutines() *coroutines {
	if r.pulls == nil {
		r.pulls = &coroutines{live: map[*coroutine]struct{}{}}
		runtime.AddCleanup(r.In, func(s *coroutines) { go s.stop() }, r.pulls)
	}
	return r.pulls
}

// StopIterations ends the iterations of scripts over Go sequences, when the guest
// is closed.
func (r *Realm) StopIterations() {
	if r.pulls != nil {
		r.pulls.stop()
	}
}

func (s *coroutines) add(c *coroutine) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live[c] = struct{}{}
}

func (s *coroutines) remove(c *coroutine) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, c)
}

func (s *coroutines) take() *coroutine {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.live {
		delete(s.live, c)
		return c
	}
	return nil
}

// stop stops all of them, even if one panics.
func (s *coroutines) stop() {
	if c := s.take(); c != nil {
		defer s.stop()
		c.depth = 0
		c.stop()
	}
}
