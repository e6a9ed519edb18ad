package qjswasm

import (
	"errors"
	"slices"
	"strings"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Errors to be compared with errors.Is. An interruption is ErrInterrupted and
// also the context's error and cause, or the reason given to Interrupt. A dead
// runtime is ErrDead and also the cause.
var (
	ErrClosed        = host.ErrClosed        // the runtime was closed
	ErrInterrupted   = host.ErrInterrupted   // a context, a timeout or Interrupt stopped the script
	ErrMemoryLimit   = host.ErrMemoryLimit   // Options.MemoryLimit or Options.HostMemoryLimit was reached
	ErrStackOverflow = host.ErrStackOverflow // Options.StackSize was reached, or calls between Go and JS are 200 deep
	ErrFuel          = host.ErrFuel          // Options.Fuel was used up
	ErrKilled        = host.ErrKilled        // a script did not stop in time and its runtime was given up
	ErrReleased      = host.ErrReleased      // a Value was used after Close, or after the callback it was lent to
	ErrConcurrentUse = host.ErrConcurrentUse // another goroutine is using the runtime
	ErrBusy          = host.ErrBusy          // the runtime cannot be closed while it runs
	ErrDead          = host.ErrDead          // the runtime broke down and can only be closed
	ErrEngineClosed  = host.ErrEngineClosed  // the engine was closed
	ErrConsoleLimit  = errors.New("qjswasm: console limit exceeded (Options.ConsoleLimit)")
	ErrWrongRuntime  = errors.New("qjswasm: value belongs to another runtime")
	ErrUnsettled     = errors.New("qjswasm: the promise cannot settle: no jobs are left to run")
)

var errNotPointer = errors.New("it must be a non-nil pointer")

// Error is a JS exception. What was thrown need not be an Error object: then
// Name is empty and Message describes the value.
//
// An Error that Go code makes, of a Name and a Message, is thrown as an object of
// the native class of that name, or as an Error with that name if there is none.
//
// An interruption is an Error too, so that Frames can tell where the script was;
// errors.Is tells it from an exception by ErrInterrupted.
//
// Each text is cut after 64 KiB, and those of an error and all inside it after 256
// KiB in all; a text that was cut ends in "… (cut)". Value has it whole. Of the
// errors inside, causes and members, there are 255 at most.
type Error struct {
	// Name is the name property, such as "TypeError". If that is a getter, or the
	// one that all errors of a native class inherit, it is the name of the class.
	Name    string
	Message string  // the message property, or what was thrown if it is no Error
	Stack   string  // one line per frame, innermost first, as in JS
	Frames  []Frame // Stack, taken apart, at most 1000 of them

	value   *Value
	cause   *Value // nil if there is none
	aborted error  // why the guest was unwound
	goErr   error  // what it stands for
	inner   *Error // the cause, if that is an Error
	members []error
	wrapped []error // all of these

	causeText string // the cause, if that is none
}

// NamedError is a Go error that chooses what it is in JS: its method JSName() string
// returns the name of a native class, or any other, which an Error then has.
type NamedError = bridge.NamedError

// Error returns the exception as String(e) does in JS, with Name: "TypeError: x is
// not a function".
func (e *Error) Error() string {
	if e == nil {
		return "<nil>"
	}
	if e.aborted != nil {
		return e.aborted.Error()
	}
	if e.Name == "" {
		return "qjswasm: thrown: " + e.Message
	}
	if e.Message == "" {
		return e.Name
	}
	return e.Name + ": " + e.Message
}

// Value returns the thrown value, or nil if the error did not come from a
// script or Options.HostMemoryLimit has no room for it. Borrowed: it is owned by e.
func (e *Error) Value() *Value { return e.value }

// Cause returns the value of the cause property, which need not be an Error: if it
// is, e wraps it. It is nil if there is none, if it is a getter, and if e stands for
// a Go error, which knows what it wraps. Borrowed: it is owned by e.
func (e *Error) Cause() *Value { return e.cause }

// Errors returns the members of an AggregateError, and the two of a
// SuppressedError, each an *Error; of a Go error that wraps several, those.
func (e *Error) Errors() []error { return slices.Clone(e.members) }

// Unwrap returns what the exception stands for: the Go error that a callback
// returned; the error of its cause property; the members of an AggregateError; and
// ErrMemoryLimit or ErrStackOverflow if the engine threw it at a limit.
func (e *Error) Unwrap() []error {
	if e == nil {
		return nil
	}
	return e.wrapped
}

// newError makes the Go error of an exception.
func (rt *Runtime) newError(x *bridge.Exception) *Error {
	left := maxFrames
	return rt.exception(x, &left)
}

// exception is newError with the number of frames that there may still be.
func (rt *Runtime) exception(x *bridge.Exception, left *int) *Error {
	e := &Error{Name: x.Name, Message: x.Message, Stack: strings.TrimRight(x.Stack, "\n")}
	e.value, _ = x.Thrown.(*Value)
	e.cause, _ = x.Because.(*Value)
	for _, v := range [...]*Value{e.value, e.cause} {
		if v != nil && !v.isPrimitive() {
			v.owner = ownerError
		}
	}
	e.Frames = parseFrames(e.Stack, *left)
	*left -= len(e.Frames)
	if x.Aborted != nil {
		e.aborted = x.Aborted
		e.wrapped = []error{x.Aborted}
		return e
	}
	if x.Flags&abi.ErrorIsError != 0 && e.Name == "" {
		e.Name = "Error"
	}
	if x.GoErr != nil {
		e.goErr = x.GoErr
		e.wrapped = append(e.wrapped, x.GoErr)
		if several, ok := x.GoErr.(interface{ Unwrap() []error }); ok {
			e.members = several.Unwrap()
		}
	}
	switch {
	case x.Cause == nil:
		e.causeText = "[Circular]" // if there is one
	case x.Cause.Flags&abi.ErrorIsError == 0:
		e.causeText = x.Cause.Message
	default:
		e.inner = rt.exception(x.Cause, left)
		e.wrapped = append(e.wrapped, e.inner)
	}
	for _, y := range x.Members {
		e.members = append(e.members, rt.exception(y, left))
	}
	if len(x.Members) > 0 {
		e.wrapped = append(e.wrapped, e.members...)
	}
	if x.Flags&abi.ErrorMemory != 0 {
		e.wrapped = append(e.wrapped, ErrMemoryLimit)
	}
	if x.Flags&abi.ErrorStack != 0 {
		e.wrapped = append(e.wrapped, ErrStackOverflow)
	}
	return e
}
