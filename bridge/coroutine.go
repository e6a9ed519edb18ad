package bridge

import (
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/qjswasm/qjswasm/host"
)

// coroutine is where a Go sequence waits between two steps: a goroutine of its own. One
// of iter.Pull would have to be left as it was begun, locked to a thread or not, or else
// Go ends the process; but a script may go on with an iteration on any goroutine.
//
// It must not refer to the realm: what waits is reachable, and so a runtime that Go drops
// meanwhile would be too.
type coroutine struct {
	guest weak.Pointer[host.Instance]
	depth int // of the invocation that it goes on for
	// waits is true in yield and after the end, else it is the sequence's turn: its
	// goroutines may be several.
	waits atomic.Bool
	over  atomic.Bool // yield returns false
	// Whoever goes on with the sequence sends whether it shall, and receives what it
	// yields or how it ends.
	resume  chan bool
	yielded chan yielding
}

// yielding is what a sequence yields, or how it ends.
type yielding struct {
	k, v     reflect.Value
	end      bool
	panicked any
	goexit   bool
}

// newCoroutine begins a sequence, for the invocation at that depth; receive has what it
// yields first.
func newCoroutine(in *host.Instance, seq reflect.Value, s sequence, depth int) *coroutine {
	c := &coroutine{guest: weak.Make(in), depth: depth, resume: make(chan bool), yielded: make(chan yielding)}
	go c.run(seq, s)
	return c
}

func (c *coroutine) run(seq reflect.Value, s sequence) {
	last := yielding{end: true, goexit: true}
	defer func() {
		last.panicked = recover()
		c.over.Store(true)
		for !c.waits.CompareAndSwap(false, true) { // a goroutine that it left behind is in yield
			time.Sleep(time.Millisecond)
		}
		c.yielded <- last
	}()
	out := []reflect.Value{{}}
	seq.Call([]reflect.Value{reflect.MakeFunc(s.yield, func(args []reflect.Value) []reflect.Value {
		out[0] = reflect.ValueOf(c.yield(args[0], args[len(args)-1]))
		return out
	})})
	last.goexit = false
}

// yield is what the sequence calls.
func (c *coroutine) yield(k, v reflect.Value) bool {
	turn := c.waits.CompareAndSwap(false, true)
	switch {
	case c.over.Load():
		if turn {
			c.waits.Store(false)
		}
		return false
	case !turn:
		panic(errYieldTwice)
	}
	// From inside the guest there is no way back to whoever goes on with the sequence.
	if in := c.guest.Value(); in != nil && !in.Innermost(c.depth) {
		c.waits.Store(false)
		panic(errYield)
	}
	c.yielded <- yielding{k: k, v: v}
	return <-c.resume
}

// next goes on with a sequence that waits, for the invocation at that depth.
func (c *coroutine) next(depth int) (k, v reflect.Value, ok bool) {
	c.depth = depth
	c.waits.Store(false)
	c.resume <- !c.over.Load()
	return c.receive()
}

// receive has a panic or a Goexit of the sequence go on where it is waited for.
func (c *coroutine) receive() (k, v reflect.Value, ok bool) {
	y := <-c.yielded
	switch {
	case y.panicked != nil:
		panic(y.panicked)
	case y.goexit:
		runtime.Goexit()
	}
	return y.k, y.v, !y.end
}

// end has yield return false, and waits until the sequence, which waits there, returns.
func (c *coroutine) end() {
	c.over.Store(true)
	c.waits.Store(false)
	c.resume <- false
	c.receive()
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
	r.pulled.Do(func() {
		r.pulls = &coroutines{live: map[*coroutine]struct{}{}}
		runtime.AddCleanup(r.In, func(s *coroutines) { go s.abandon() }, r.pulls)
	})
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

// remove takes one out, unless somebody else has: whoever did stops it, if it is not over.
func (s *coroutines) remove(c *coroutine) (mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, mine = s.live[c]
	delete(s.live, c)
	return mine
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

// abandon is stop for a runtime that was dropped. A panic has nobody to go to.
func (s *coroutines) abandon() {
	if c := s.take(); c != nil {
		defer s.abandon()
		defer func() { _ = recover() }()
		c.end()
	}
}

// stop stops all of them, even if one panics.
func (s *coroutines) stop() {
	if c := s.take(); c != nil {
		defer s.stop()
		c.end()
	}
}
