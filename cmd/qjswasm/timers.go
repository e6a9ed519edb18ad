package main

import (
	"container/heap"
	"context"
	"errors"
	"math"
	"time"

	"github.com/qjswasm/qjswasm"
)

// timers are setTimeout, setInterval and their like.
//
// One asynchronous Go function at a time sleeps until the first timer is due,
// so that whoever awaits promises waits for timers too. Each waking fires one
// timer, in a job of its own: what it throws does not keep others from running.
type timers struct {
	rt     *qjswasm.Runtime
	onWake *qjswasm.Value // promise => undefined; fires a timer when it resolves
	queue  timerQueue
	byID   map[int64]*timer
	lastID int64
	weight int // of the timers in byID
	nap    *nap
	thrown []*qjswasm.Error // by callbacks, and not reported yet
}

type timer struct {
	id     int64
	due    time.Time
	period time.Duration // of an interval, 0 for a timeout
	fn     *qjswasm.Value
	args   []any
	index  int // in the queue, -1 if it is not there
}

// nap is a sleep that is under way.
type nap struct {
	due     time.Time
	end     chan struct{}
	promise *qjswasm.Value
}

const (
	// maxDelay is that of browsers and Node: what is longer fires at once.
	maxDelay = math.MaxInt32
	// maxTimers bounds timers and their arguments, which are held in the host's
	// memory and so escape --memory.
	maxTimers = 100_000
)

var (
	errNotFunction   = errors.New("the callback must be a function")
	errTooManyTimers = errors.New("too many timers are pending")
)

// newTimers defines the globals, unless there are no promises to wait with.
func newTimers(ctx context.Context, rt *qjswasm.Runtime, promises bool) (*timers, error) {
	t := &timers{rt: rt, byID: map[int64]*timer{}}
	if !promises {
		return t, nil
	}
	chain, err := rt.EvalSource(ctx, qjswasm.Source{Name: "<timers>", Code: "fire => async nap => { await nap; fire() }"})
	if err != nil {
		return nil, err
	}
	fire, err := rt.NewFunc("timer", t.fire)
	if err != nil {
		return nil, err
	}
	if t.onWake, err = chain.Call(ctx, nil, fire); err != nil {
		return nil, err
	}
	for _, global := range []struct {
		name string
		fn   qjswasm.Func
	}{ // always in this order, for --seed
		{"setTimeout", func(c *qjswasm.Call) (any, error) { return t.set(c, false) }},
		{"setInterval", func(c *qjswasm.Call) (any, error) { return t.set(c, true) }},
		{"clearTimeout", t.clear},
		{"clearInterval", t.clear},
	} {
		if err := rt.Set(global.name, global.fn); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *timers) set(c *qjswasm.Call, repeat bool) (any, error) {
	weight := max(1, c.NumArgs()-1)
	switch {
	case !c.Arg(0).IsFunction():
		return nil, errNotFunction
	case t.weight+weight > maxTimers:
		return nil, errTooManyTimers
	}
	delay := c.Float64(1)
	if !(delay >= 1 && delay <= maxDelay) { // NaN too
		delay = 1
	}
	wait := time.Duration(delay * float64(time.Millisecond))
	t.lastID++
	x := &timer{id: t.lastID, due: time.Now().Add(wait), fn: c.Arg(0).Dup()}
	if repeat {
		x.period = wait
	}
	for i := 2; i < c.NumArgs(); i++ {
		x.args = append(x.args, c.Arg(i).Dup())
	}
	t.byID[x.id] = x
	t.weight += weight
	heap.Push(&t.queue, x)
	return x.id, t.sleep(c.Context())
}

// sleep sees to it that something wakes up when the first timer is due.
func (t *timers) sleep(ctx context.Context) error {
	if t.idle() {
		return nil
	}
	due := t.queue[0].due
	if t.nap != nil {
		if !t.nap.due.After(due) {
			return nil
		}
		close(t.nap.end)
	}
	n := &nap{due: due, end: make(chan struct{})}
	t.nap = n
	fn, err := t.rt.NewFunc("nap", n.sleep, qjswasm.Async())
	if err != nil {
		return err
	}
	defer fn.Close()
	if n.promise, err = fn.Call(ctx, nil); err != nil {
		return err
	}
	_, err = t.onWake.Call(ctx, nil, n.promise)
	return err
}

func (n *nap) sleep(ctx context.Context) {
	wake := time.NewTimer(time.Until(n.due))
	defer wake.Stop()
	select {
	case <-wake.C:
	case <-n.end: // an earlier timer was set
	case <-ctx.Done(): // the runtime was closed
	}
}

// fire runs the first timer, if it is due: it may have been cleared, or fired by
// the nap before.
func (t *timers) fire(c *qjswasm.Call) (any, error) {
	now := time.Now()
	if t.nap != nil && !t.nap.due.After(now) {
		t.nap = nil
	}
	if t.idle() || t.queue[0].due.After(now) {
		return nil, t.sleep(c.Context())
	}
	x := heap.Pop(&t.queue).(*timer)
	if x.period == 0 {
		t.forget(x)
	} else {
		x.due = now.Add(x.period)
		heap.Push(&t.queue, x)
	}
	if err := t.sleep(c.Context()); err != nil {
		return nil, err
	}
	_, err := x.fn.Call(c.Context(), nil, x.args...)
	if e, ok := err.(*qjswasm.Error); ok {
		t.thrown = append(t.thrown, e) // not for the promise that woke us
		return nil, nil
	}
	return nil, err
}

// failed returns what a callback threw, once.
func (t *timers) failed() error {
	if len(t.thrown) == 0 {
		return nil
	}
	err := t.thrown[0]
	t.thrown = t.thrown[1:]
	return err
}

func (t *timers) clear(c *qjswasm.Call) (any, error) {
	if x := t.byID[c.Arg(0).Int64()]; x != nil {
		t.forget(x)
	}
	return qjswasm.Undefined, nil
}

func (t *timers) forget(x *timer) {
	delete(t.byID, x.id)
	t.weight -= max(1, len(x.args)+1)
	if x.index >= 0 {
		heap.Remove(&t.queue, x.index)
	}
}

// clearAll is for what a user has interrupted.
func (t *timers) clearAll() {
	t.thrown = nil
	for _, x := range t.byID {
		t.forget(x)
	}
}

func (t *timers) idle() bool { return len(t.queue) == 0 }

// wait returns when the first timer is due or before.
func (t *timers) wait(ctx context.Context) error {
	if t.nap == nil {
		if err := t.sleep(ctx); err != nil {
			return err
		}
	}
	_, err := t.rt.Await(ctx, t.nap.promise)
	return err
}
