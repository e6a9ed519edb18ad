package qjswasm

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
)

// asyncState is what goroutines of asynchronous functions share with the
// runtime. They hold it and not the runtime, which can be dropped meanwhile.
type asyncState struct {
	mu      sync.Mutex
	ctx     context.Context // of all of them, made with the first
	cancel  context.CancelFunc
	running int
	done    []completion
	changed chan struct{} // closed, and made anew, when done grows, and by close
	closed  bool
}

// completion is the outcome of one asynchronous call.
type completion struct {
	promise  *Value // an array of promise, resolve and reject
	held     int64  // bytes that the call takes until it is delivered
	result   any
	err      error
	panicked any
}

var errAsyncForm = errors.New("an asynchronous function needs parameters that are converted before it starts")

// asyncFunc wraps a typed Go function so that calling it starts a goroutine and
// returns a promise.
func (rt *Runtime) asyncFunc(fn any) (params int, start Func, err error) {
	v := reflect.ValueOf(fn)
	unfit := func() error {
		return &ConvertError{From: fmt.Sprintf("Go %T", fn), To: "an asynchronous JS function", Err: errAsyncForm}
	}
	if v.Kind() != reflect.Func || v.IsNil() || v.Type().IsVariadic() {
		return 0, nil, unfit()
	}
	t := v.Type()
	first := 0
	if t.NumIn() > 0 && t.In(0) == reflect.TypeFor[context.Context]() {
		first = 1
	}
	for i := first; i < t.NumIn(); i++ {
		if p := t.In(i); p == valueType || p == reflect.TypeFor[*Call]() || p.Kind() == reflect.Func {
			return 0, nil, unfit()
		}
	}
	params = t.NumIn() - first
	return params, func(c *Call) (any, error) {
		if c.NumArgs() < params {
			return nil, &ConvertError{From: fmt.Sprintf("a call with %d arguments", c.NumArgs()), To: fmt.Sprintf("a Go function of %d parameters", params)}
		}
		args := make([]reflect.Value, t.NumIn())
		for i := range params {
			args[first+i] = reflect.New(t.In(first + i)).Elem()
			if err := rt.realm.Argument(c.inv, i, args[first+i]); err != nil {
				return nil, err
			}
		}
		held := host.CostGoroutine + c.inv.Held()
		if err := rt.in.Afford(held); err != nil {
			return nil, err
		}
		promise, err := rt.newPromise()
		if err != nil {
			return nil, err
		}
		rt.in.Hold(held)
		ctx := rt.async.begin()
		if first == 1 {
			args[0] = reflect.ValueOf(ctx)
		}
		go rt.async.run(completion{promise: promise, held: held}, v, args)
		return promise.Get(0)
	}, nil
}

// newPromise returns an array of a promise and its resolving functions.
func (rt *Runtime) newPromise() (*Value, error) {
	f, err := rt.in.Enter(context.Background())
	if err != nil {
		return nil, err
	}
	defer f.Exit()
	status, err := f.Call(host.PromiseNew)
	if err != nil {
		return nil, err
	}
	x, err := rt.realm.Outcome(f, status)
	if err != nil {
		return nil, err
	}
	v := x.(*Value)
	v.owner = ownerAsync
	return v, nil
}

func (s *asyncState) begin() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx == nil {
		s.ctx, s.cancel = context.WithCancel(context.Background())
		s.changed = make(chan struct{})
	}
	s.running++
	return s.ctx
}

// run calls the function and notes its outcome. A panic is raised again by
// whoever delivers it; a Goexit rejects the promise.
func (s *asyncState) run(c completion, fn reflect.Value, args []reflect.Value) {
	c.err = errors.New("the Go function called runtime.Goexit")
	defer func() {
		c.panicked = recover()
		s.complete(c)
	}()
	c.result, c.err = bridge.Results(fn.Call(args))
}

// complete notes the outcome of what begin began.
func (s *asyncState) complete(c completion) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if !s.closed { // else nobody will deliver it
		s.done = append(s.done, c)
		s.wake()
	}
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
// What a context keeps it from delivering stays for the next time, and so does what comes
// after a panic, of the function or of what its result is made with.
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

// settle calls the promise's resolve or reject function.
func (c *completion) settle(ctx context.Context) error {
	settle, outcome := 1, c.result
	if c.err != nil {
		settle, outcome = 2, c.err
	}
	fn, err := c.promise.Get(settle)
	if err != nil {
		return err
	}
	defer fn.Close()
	_, err = fn.Call(ctx, Undefined, outcome)
	var unfit *ConvertError
	if errors.As(err, &unfit) && settle == 1 {
		return (&completion{promise: c.promise, err: err}).settle(ctx)
	}
	return err
}

// wait blocks until there is an outcome to deliver. ErrUnsettled if no function
// is running.
func (s *asyncState) wait(ctx context.Context) error {
	s.mu.Lock()
	ready, running, changed, closed := len(s.done) > 0, s.running > 0, s.changed, s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
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

func (s *asyncState) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.closed = nil, true
	if s.cancel != nil {
		s.cancel()
		s.wake()
	}
}
