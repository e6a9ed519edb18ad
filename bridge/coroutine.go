package bridge

import (
	"iter"
	"reflect"
	"runtime"
	"sync"
	"weak"

	"github.com/qjswasm/qjswasm/host"
)

// coroutine is where a Go sequence waits between two steps. It must not refer to
// the realm: what waits is reachable, and so a runtime that Go drops meanwhile
// would be too.
type coroutine struct {
	next  func() (reflect.Value, reflect.Value, bool)
	stop  func()
	guest weak.Pointer[host.Instance]
	// stopped is set before stop is called.
	stopped bool
	depth   int // of the invocation that it goes on for
}

func newCoroutine(in *host.Instance, seq reflect.Value, s sequence) *coroutine {
	c := &coroutine{guest: weak.Make(in)}
	c.next, c.stop = iter.Pull2(func(yield func(reflect.Value, reflect.Value) bool) {
		out := []reflect.Value{reflect.ValueOf(true)}
		seq.Call([]reflect.Value{reflect.MakeFunc(s.yield, func(args []reflect.Value) []reflect.Value {
			// From inside the guest there is no way back to the step's caller. Once it is
			// stopped, yield does not go there.
			if in := c.guest.Value(); in != nil && !c.stopped && !in.Innermost(c.depth) {
				panic(errYield)
			}
			out[0] = reflect.ValueOf(yield(args[0], args[len(args)-1]))
			return out
		})})
	})
	return c
}

// end has yield return false, if the sequence waits there.
func (c *coroutine) end() {
	c.stopped = true
	c.stop()
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
		runtime.AddCleanup(r.In, func(s *coroutines) { go s.stop() }, r.pulls)
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

// stop stops all of them, even if one panics.
func (s *coroutines) stop() {
	if c := s.take(); c != nil {
		defer s.stop()
		c.end()
	}
}
