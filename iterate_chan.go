package qjswasm

import (
	"context"
	"reflect"
	"sync"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// receiver is an iteration of a script over a Go channel.
type receiver struct {
	rt *Runtime
	*reception
}

// reception receives from the channel. Its goroutine must not hold the runtime, which can be
// dropped meanwhile. Promises are settled in the order of the calls of next that made them.
type reception struct {
	ch reflect.Value

	*ending
	ctx     context.Context // of what waits to receive, made with the first
	waiting []asyncCall
	busy    bool // a goroutine serves those that wait
}

// ending is what the end of an iteration needs. It must not lead to the channel: it
// is kept while the guest has the iterator.
type ending struct {
	mu     sync.Mutex // of the reception
	cancel context.CancelFunc
	ended  bool
}

func newReceiver(rt *Runtime, ch reflect.Value) *receiver {
	return &receiver{rt, &reception{ch: ch, ending: &ending{}}}
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
	all, err := r.rt.newPromise()
	if err != nil {
		return nil, err
	}
	promise, err := all.Get(0)
	if err != nil {
		all.Close()
		return nil, err
	}
	in.Hold(host.CostGoroutine)
	r.receive(r.rt.async.begin(pending{all, host.CostGoroutine}))
	return promise, nil
}

// receive completes c at once if nobody is before it and the channel is ready.
func (r *reception) receive(c asyncCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx == nil {
		r.ctx, r.cancel = context.WithCancel(c.ctx)
	}
	if !r.busy {
		if r.ended {
			c.complete(received(reflect.Value{}, false))
			return
		}
		if x, ok := r.ch.TryRecv(); x.IsValid() { // a value, or the zero of a closed channel
			c.complete(received(x, ok))
			return
		}
		r.busy = true
		go r.serve()
	}
	r.waiting = append(r.waiting, c)
}

// received is the outcome of a step, as an iterator's result.
func received(x reflect.Value, ok bool) outcome {
	if ok {
		return outcome{result: Object{{Key: "value", Value: x.Interface()}, {Key: "done", Value: false}}}
	}
	return outcome{result: Object{{Key: "value", Value: Undefined}, {Key: "done", Value: true}}}
}

// serve receives for those that wait, until there are none.
func (r *reception) serve() {
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
		c.complete(received(x, ok && chosen == 0))
	}
}

func (r *reception) first() (c asyncCall, ok bool) {
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
func (e *ending) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended = true
	if e.cancel != nil {
		e.cancel()
	}
}
