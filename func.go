package qjswasm

import (
	"context"
	"errors"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Func is the dynamic form of a Go function for JS. The result converts as in
// Runtime.NewValue; an error is thrown.
type Func = func(*Call) (any, error)

// RawFunc is the allocation-free form: the result, undefined if there is none,
// goes through the Return methods of Call.
type RawFunc = func(*Call) error

// Call is one call of a Go function by JS, with its arguments. Borrowed: valid
// until the function returns, and then used for another call.
type Call struct {
	rt     *Runtime
	inv    *host.Invocation
	status uint32
	result any              // what Return was given: Go must not drop it while the function runs
	lives  []bridge.LiveRef // in what was made of it
	making bool             // it is being made: a marshaler may call anything
}

// call returns the Call for an invocation: one per nesting depth.
func (rt *Runtime) call(inv *host.Invocation) *Call {
	c, ok := inv.Aux.(*Call)
	if !ok {
		c = &Call{rt: rt, inv: inv}
		inv.Aux = c
	}
	return c
}

// Context returns the context of the entry that the call happens in.
func (c *Call) Context() context.Context { return c.inv.Context() }

// Runtime returns the runtime that calls. The function may use it.
func (c *Call) Runtime() *Runtime { return c.rt }

// This returns the receiver; in a constructor call, the new object. Borrowed:
// valid until the function returns; use Dup to keep it.
func (c *Call) This() *Value { return c.rt.borrowed(c.inv, c.inv.This()) }

// NumArgs returns the number of arguments.
func (c *Call) NumArgs() int { return c.inv.NumArgs() }

// Arg returns the i-th argument, from 0, undefined if there are fewer. Borrowed:
// valid until the function returns; use Dup to keep it.
func (c *Call) Arg(i int) *Value { return c.rt.borrowed(c.inv, c.inv.Arg(i)) }

// Args returns all arguments. Borrowed: valid until the function returns; use
// Dup to keep them.
func (c *Call) Args() []*Value {
	args := make([]*Value, c.NumArgs())
	for i := range args {
		args[i] = c.Arg(i)
	}
	return args
}

// Float64 returns the i-th argument as Value.Float64 does, without making a
// Value of it.
func (c *Call) Float64(i int) float64 {
	if f, ok := bridge.Number(c.inv.Arg(i)); ok {
		return f
	}
	return c.Arg(i).Float64()
}

// Str returns the i-th argument as Value.String does, without making a Value of
// it.
func (c *Call) Str(i int) string {
	if s, ok := c.rt.realm.String(c.inv.Arg(i)); ok {
		return s
	}
	return c.Arg(i).String()
}

// NewTarget returns new.target: the constructor in a constructor call, undefined
// otherwise. Borrowed: valid until the function returns; use Dup to keep it.
func (c *Call) NewTarget() *Value { return c.rt.borrowed(c.inv, c.inv.NewTarget()) }

// Captured returns the i-th value given to Captures, undefined if there are
// fewer. Borrowed: valid until the function returns; use Dup to keep it.
func (c *Call) Captured(i int) *Value { return c.rt.borrowed(c.inv, c.inv.Captured(i)) }

// errReturning is for a marshaler that returns from the call that its result is for.
var errReturning = errors.New("qjswasm: Return is called while it converts a result")

// Return sets the result of a RawFunc to any value that NewValue converts. Values among
// it must stay open until the function has returned. While it converts, which may call
// methods of what it converts, the Return methods of the same Call do nothing.
func (c *Call) Return(v any) error {
	if c.making {
		return errReturning
	}
	c.status, c.making = abi.StatusUndefined, true // no half a tape, should an error or a panic be ignored
	defer c.made()
	c.lives = c.lives[:0]
	e := bridge.Encoder{R: &c.rt.realm, Req: c.inv.ReturnEarly(), Lives: &c.lives}
	c.result = v
	if err := e.Value(v); err != nil {
		return err
	}
	c.status = abi.StatusOK
	return nil
}

// made lets others use the runtime again.
func (c *Call) made() {
	c.making = false
	c.inv.Lend()
}

// set makes a primitive the result.
func (c *Call) set(cell uint64) {
	if !c.making {
		c.status, c.lives = c.inv.Return(cell), c.lives[:0]
	}
}

// finish has JS get the live objects in the result though it may have dropped them since.
func (c *Call) finish(req *host.Request) error {
	if len(c.lives) == 0 || c.status != abi.StatusOK {
		return nil
	}
	return c.rt.realm.Revive(req, c.lives)
}

// over forgets what the call had, when others have left: only now Go may drop it.
func (c *Call) over() {
	if c.result == nil {
		return
	}
	c.inv.Reclaim()
	clear(c.lives)
	c.result, c.lives = nil, c.lives[:0]
}

// ReturnFloat64 sets the result of a RawFunc.
func (c *Call) ReturnFloat64(f float64) {
	c.set(abi.BoxNumber(f))
}

// ReturnInt64 sets the result of a RawFunc; beyond ±2^53 it is a BigInt.
func (c *Call) ReturnInt64(i int64) {
	if i == int64(int32(i)) {
		c.set(abi.BoxInt(int32(i)))
		return
	}
	_ = c.Return(i) // an int64 always converts
}

// ReturnBool sets the result of a RawFunc.
func (c *Call) ReturnBool(b bool) { c.set(abi.BoxBool(b)) }

// ReturnString sets the result of a RawFunc. Each invalid byte becomes U+FFFD.
func (c *Call) ReturnString(s string) {
	if c.making {
		return
	}
	if !c.inv.ReturnText(s) {
		bridge.PutString(c.inv.ReturnEarly(), s)
		c.inv.Lend()
	}
	c.status, c.lives = abi.StatusOK, c.lives[:0]
}

// ReturnBytes sets the result of a RawFunc to a Uint8Array with a copy of b.
func (c *Call) ReturnBytes(b []byte) {
	if c.making {
		return
	}
	bridge.PutBytes(c.inv.ReturnEarly(), b)
	c.inv.Lend()
	c.status, c.lives = abi.StatusOK, c.lives[:0]
}

// FuncOption is an option of NewFunc.
type FuncOption func(*funcOptions)

type funcOptions struct {
	bridge.Function
	async bool
}

// Captures stores values in the function object itself, for Call.Captured. The
// guest's collector sees them there: a captured object that leads back to the
// function is an ordinary cycle to it, which it frees without Go's collector.
// Values convert as in NewValue.
func Captures(values ...any) FuncOption {
	return func(o *funcOptions) { o.Captures = values }
}

// Constructor lets the function be called with new. Call.This is the new object
// then, made with new.target's prototype; a result that is an object replaces it.
// Called without new, NewTarget is undefined and This whatever the caller gave.
func Constructor() FuncOption { return func(o *funcOptions) { o.Constructor = true } }

// Length sets the length property; without it a typed function has the number of
// its parameters and any other 0.
func Length(n int) FuncOption { return func(o *funcOptions) { o.Length = max(n, 0) } }

// OnRelease calls f once when the function has died in JS and the runtime is at
// a safe point, or never if the runtime is closed or dropped before. f runs on
// the goroutine that uses the runtime, and may use it.
func OnRelease(f func()) FuncOption { return func(o *funcOptions) { o.Released = f } }

// Async makes a function that returns a promise: the Go function runs on a
// goroutine of its own, and its result settles the promise when Await, RunJob or
// RunJobs next runs. Only a typed function can be asynchronous, since its
// arguments are converted before it starts; they, and what it returns, must not
// be Values or functions of JS. A leading context.Context is cancelled when the
// runtime is closed, or found to be dropped: a function that waits does not keep it.
func Async() FuncOption { return func(o *funcOptions) { o.async = true } }

// NewFunc makes a JS function of a Go function: a Func, a RawFunc, or any
// function whose parameters and results convert. A leading context.Context
// receives the caller's context, a trailing error is thrown, several results
// become an array, and arguments beyond the parameters are ignored. The Go
// function is released when JS drops the JS function. The caller owns the
// result.
func (rt *Runtime) NewFunc(name string, fn any, o ...FuncOption) (*Value, error) {
	opts := funcOptions{Function: bridge.Function{Fn: fn, Name: name, Length: -1}}
	for _, opt := range o {
		opt(&opts)
	}
	if opts.async {
		params, start, err := rt.asyncFunc(fn)
		if err != nil {
			return nil, err
		}
		opts.Fn = start
		if opts.Length < 0 {
			opts.Length = params
		}
	}
	return rt.newValue(func(e *bridge.Encoder) error {
		e.Req.SetTape(0)
		return e.Function(&opts.Function)
	})
}
