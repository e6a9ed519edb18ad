package qjswasm

import (
	"errors"
	"strconv"
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
	ErrStackOverflow = host.ErrStackOverflow // Options.StackSize was reached
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
// An interruption is an Error too, so that Frames can tell where the script was;
// errors.Is tells it from an exception by ErrInterrupted.
//
// Each text is cut after 64 KiB, and those of an error and its causes after 256
// KiB in all; a text that was cut ends in "… (cut)". Value has it whole.
type Error struct {
	Name    string // such as "TypeError"
	Message string
	Stack   string  // one line per frame, innermost first, as in JS
	Frames  []Frame // Stack, taken apart, at most 1000 of them

	value   *Value
	aborted error
	wrapped []error
}

// Frame is one line of a JS stack trace.
type Frame struct {
	Function string // "<anonymous>" if it has no name
	File     string // "native" for built-ins and Go functions
	Line     int    // from 1, 0 if unknown
	Column   int    // from 1, 0 if unknown
}

// Error returns the exception as String(e) does in JS: "TypeError: x is not a
// function".
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

// Unwrap returns what the exception stands for: the Go error that a callback
// returned, or else the error of its cause property, and ErrMemoryLimit or
// ErrStackOverflow if the engine threw it at a limit.
func (e *Error) Unwrap() []error {
	if e == nil {
		return nil
	}
	return e.wrapped
}

// newError makes the Go error of an exception.
func (rt *Runtime) newError(x *bridge.Exception) *Error {
	e := &Error{Name: x.Name, Message: x.Message, Stack: strings.TrimRight(x.Stack, "\n")}
	e.value, _ = x.Thrown.(*Value)
	e.Frames = parseFrames(e.Stack)
	if x.Aborted != nil {
		e.aborted = x.Aborted
		e.wrapped = []error{x.Aborted}
		return e
	}
	if x.Flags&abi.ErrorIsError != 0 && e.Name == "" {
		e.Name = "Error"
	}
	if x.GoErr != nil {
		// It wraps what JS sees as the cause already; to hold that twice would
		// double the tree with every crossing.
		e.wrapped = append(e.wrapped, x.GoErr)
	} else if x.Cause != nil {
		e.wrapped = append(e.wrapped, rt.newError(x.Cause))
	}
	if x.Flags&abi.ErrorMemory != 0 {
		e.wrapped = append(e.wrapped, ErrMemoryLimit)
	}
	if x.Flags&abi.ErrorStack != 0 {
		e.wrapped = append(e.wrapped, ErrStackOverflow)
	}
	return e
}

// maxFrames bounds Error.Frames.
const maxFrames = 1000

// parseFrames takes a stack apart: lines such as "    at f (file.js:3:7)",
// "    at f (native)" and, for a syntax error, "    at file.js:3:7".
func parseFrames(stack string) []Frame {
	var frames []Frame
	for line := range strings.Lines(stack) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "at ")
		if !ok {
			continue
		}
		if len(frames) == maxFrames {
			break
		}
		f := Frame{File: line}
		if i := strings.LastIndex(line, " ("); i >= 0 && strings.HasSuffix(line, ")") {
			f.Function, f.File = line[:i], line[i+2:len(line)-1]
		}
		f.File, f.Column = cutNumber(f.File)
		f.File, f.Line = cutNumber(f.File)
		if f.Line == 0 { // one number only
			f.Line, f.Column = f.Column, 0
		}
		frames = append(frames, f)
	}
	return frames
}

// cutNumber splits "name:12" in two.
func cutNumber(s string) (string, int) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil || n <= 0 {
		return s, 0
	}
	return s[:i], n
}
