package qjswasm

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"sync"
	"weak"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
)

// asyncState is what a runtime knows of its asynchronous calls. Their goroutines do not
// hold it, nor anything else of the runtime, which can be dropped meanwhile.
type asyncState struct {
	mu      sync.Mutex
	self    weak.Pointer[asyncState]
	ctx     context.Context // of all of them, made with the first
	cancel  context.CancelFunc
	last    uint64 // the number of the last call
	running map[uint64]pending
	done    []completion
	changed chan struct{} // closed, and made anew, when done grows, and by close
	closed  error         // why nothing is delivered any more
}

// pending is what an asynchronous call takes until its outcome is delivered.
type pending struct {
	promise *Value // an array of promise, resolve and reject
	held    int64  // bytes
}

// outcome is how an asynchronous call ended.
type outcome struct {
	result   any
	err      error
	panicked any
}

// completion is a call whose outcome is to be delivered.
type completion struct {
	pending
	outcome
}

// asyncCall is an asynchronous call as its goroutine knows it.
type asyncCall struct {
	ctx    context.Context // done when the runtime is closed or dropped
	state  weak.Pointer[asyncState]
	number uint64
}

func (s *asyncState) begin(p pending) asyncCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		s.ctx, s.cancel = context.WithCancel(context.Background())
		s.self = weak.Make(s)
		runtime.AddCleanup(s, func(cancel context.CancelFunc) { cancel() }, s.cancel)
		s.changed = make(chan struct{})
		s.running = map[uint64]pending{}
	}
	s.last++
	s.running[s.last] = p
	return asyncCall{s.ctx, s.self, s.last}
}

// run calls the function and notes its outcome. A panic is raised again by
// whoever delivers it; a Goexit rejects the promise.
func (c asyncCall) run(fn reflect.Value, args []reflect.Value) {
	o := outcome{err: errors.New("the Go function called runtime.Goexit")}
	defer func() {
		o.panicked = recover()
		c.complete(o)
	}()
	o.result, o.err = bridge.Results(fn.Call(args))
}

// complete notes the outcome, if there is still somebody to deliver it.
func (c asyncCall) complete(o outcome) {
	if s := c.state.Value(); s != nil {
		s.complete(c.number, o)
	}
}

func (s *asyncState) complete(number uint64, o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.running[number]
	if !ok { // closed
		return
	}
	delete(s.running, number)
	s.done = append(s.done, completion{p, o})
	s.wake()
}

// wake has whoever waits look again.
func (s *asyncState) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// next takes the first outcome that has not been delivered.
func (s *asyncState) next() (c completion, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.done) == 0 {
		return c, false
	}
	c = s.done[0]
	s.done = s.done[1:]
	return c, true
}

// putBack undoes next.
func (s *asyncState) putBack(c completion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = append([]completion{c}, s.done...)
}

// deliver settles the promises of functions that have returned, in their order.
// What a context or a limit keeps it from delivering stays for the next time, and so does
// what comes after a panic, of the function or of what its result is made with.
func (s *asyncState) deliver(ctx context.Context) error {
	for {
		c, ok := s.next()
		if !ok {
			return nil
		}
		if err := s.deliverOne(ctx, c); err != nil {
			return err
		}
	}
}

func (s *asyncState) deliverOne(ctx context.Context, c completion) (err error) {
	defer func() {
		if err == nil { // or a panic
			c.end()
		}
	}()
	if c.panicked != nil {
		panic(c.panicked)
	}
	if err = c.settle(ctx); err != nil {
		s.putBack(c)
	}
	return err
}

// end gives back what an outcome that was delivered took.
func (c *completion) end() {
	c.promise.rt.in.Hold(-c.held)
	c.promise.Close()
}

// settle resolves the promise, or rejects it, also if the result can be given to no script.
func (c *completion) settle(ctx context.Context) error {
	if c.err != nil {
		return c.call(ctx, 2, c.err)
	}
	err := c.call(ctx, 1, c.result)
	var conversion *ConvertError // whose cause may be about another runtime's moment
	if err == nil || isOfEntry(err) && !errors.As(err, &conversion) {
		return err
	}
	return c.call(ctx, 2, err)
}

// call calls the promise's resolve or reject function.
func (c *completion) call(ctx context.Context, settle int, x any) error {
	fn, err := c.promise.Get(settle)
	if err != nil {
		return err
	}
	defer fn.Close()
	_, err = fn.Call(ctx, Undefined, x)
	return err
}

// isOfEntry tells whether an error is about the moment and not about what was to be done.
func isOfEntry(err error) bool {
	for _, e := range [...]error{ErrInterrupted, ErrFuel, ErrConcurrentUse, ErrClosed, ErrDead} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// wait blocks until there is an outcome to deliver. ErrUnsettled if no function
// is running.
func (s *asyncState) wait(ctx context.Context) error {
	s.mu.Lock()
	ready, running, changed, closed := len(s.done) > 0, len(s.running) > 0, s.changed, s.closed
	s.mu.Unlock()
	switch {
	case closed != nil:
		return closed
	case ready:
		return nil
	case !running:
		return ErrUnsettled
	}
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return host.Interrupted(ctx)
	}
}

// close ends all calls and whoever waits for them: cause is ErrClosed, or why the runtime is
// dead. The first one counts.
func (s *asyncState) close(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		return
	}
	s.done, s.running, s.closed = nil, map[uint64]pending{}, cause
	if s.cancel != nil {
		s.cancel()
		s.wake()
	}
}
