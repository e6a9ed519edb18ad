package qjswasm

import (
	"context"
	"reflect"
	"sync"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// receiver is an iteration of a script over a Go channel. Promises are settled in
// the order of the calls of next that made them.
type receiver struct {
	rt *Runtime
	ch reflect.Value

	*reception
	ctx     context.Context // of what waits to receive, made with the first
	waiting []completion
	busy    bool // a goroutine serves those that wait
}

// reception is what the end of an iteration needs. It must not lead to the channel: it
// is kept while the guest has the iterator.
type reception struct {
	mu     sync.Mutex // of the receiver
	cancel context.CancelFunc
	ended  bool
}

// call is the host function of the iterator: without arguments its next method,
// with one the end.
func (r *receiver) call(inv *host.Invocation) uint32 {
	if inv.NumArgs() > 0 {
		r.end()
		return abi.StatusUndefined
	}
	promise, err := r.next()
	if err != nil {
		return embedder{r.rt}.Throw(inv, err)
	}
	status := r.rt.realm.Return(inv, promise)
	if promise.closed.CompareAndSwap(false, true) { // with a later entry: the guest has yet to read the result
		r.rt.in.Releases.Push(promise.anchor.Name())
	}
	return status
}

func (r *receiver) next() (*Value, error) {
	in := r.rt.in
	if err := in.Afford(host.CostGoroutine); err != nil {
		return nil, err
	}
	c := completion{held: host.CostGoroutine}
	var err error
	if c.promise, err = r.rt.newPromise(); err != nil {
		return nil, err
	}
	promise, err := c.promise.Get(0)
	if err != nil {
		c.promise.Close()
		return nil, err
	}
	in.Hold(c.held)
	r.receive(c)
	return promise, nil
}

// receive completes c at once if nobody is before it and the channel is ready.
func (r *receiver) receive(c completion) {
	s := &r.rt.async
	ctx := s.begin()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx == nil {
		r.ctx, r.cancel = context.WithCancel(ctx)
	}
	if r.ended {
		s.complete(received(c, reflect.Value{}, false))
		return
	}
	if !r.busy {
		if x, ok := r.ch.TryRecv(); x.IsValid() { // a value, or the zero of a closed channel
			s.complete(received(c, x, ok))
			return
		}
		r.busy = true
		go r.serve(s)
	}
	r.waiting = append(r.waiting, c)
}

// received is the outcome of a step, as an iterator's result.
func received(c completion, x reflect.Value, ok bool) completion {
	if ok {
		c.result = Object{{Key: "value", Value: x.Interface()}, {Key: "done", Value: false}}
	} else {
		c.result = Object{{Key: "value", Value: Undefined}, {Key: "done", Value: true}}
	}
	return c
}

// serve receives for those that wait, until there are none.
func (r *receiver) serve(s *asyncState) {
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: r.ch},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(r.ctx.Done())},
	}
	for {
		c, ok := r.first()
		if !ok {
			return
		}
		var x reflect.Value
		var chosen int
		if ok = r.ctx.Err() == nil; ok { // one that has ended takes no value away
			chosen, x, ok = reflect.Select(cases)
		}
		s.complete(received(c, x, ok && chosen == 0))
	}
}

func (r *receiver) first() (c completion, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting) == 0 {
		r.busy = false
		return c, false
	}
	c, r.waiting = r.waiting[0], r.waiting[1:]
	return c, true
}

// end lets those that wait have nothing, and all that come later.
func (r *reception) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
	if r.cancel != nil {
		r.cancel()
	}
}
