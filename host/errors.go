package host

import (
	"errors"
	"strings"
)

// Sentinel errors; the root package exports them under the same names.
var (
	ErrClosed        = errors.New("qjswasm: use of a closed runtime")
	ErrInterrupted   = errors.New("qjswasm: interrupted")
	ErrMemoryLimit   = errors.New("qjswasm: memory limit exceeded")
	ErrStackOverflow = errors.New("qjswasm: stack overflow")
	ErrReleased      = errors.New("qjswasm: value was released")
	ErrConcurrentUse = errors.New("qjswasm: runtime is in use by another goroutine")
	ErrFuel          = errors.New("qjswasm: out of fuel")
	ErrKilled        = errors.New("qjswasm: killed: the guest did not stop when it was told to")
	ErrBusy          = errors.New("qjswasm: runtime is running")
	ErrDead          = errors.New("qjswasm: runtime is dead and can only be closed")
	ErrEngineClosed  = errors.New("qjswasm: use of a closed engine")
	ErrCorrupt       = errors.New("qjswasm: the guest broke its contract")
)

// InterruptError says why guest code was interrupted. It is ErrInterrupted and
// wraps the reason: a context's error and cause, or what was given to Interrupt.
type InterruptError struct {
	Reason []error // never empty
}

func (e *InterruptError) Error() string {
	return "qjswasm: interrupted: " + e.Reason[0].Error()
}

// Unwrap returns ErrInterrupted and the reasons.
func (e *InterruptError) Unwrap() []error {
	return append([]error{ErrInterrupted}, e.Reason...)
}

// DeadError says why a runtime can only be closed. It is ErrDead and wraps the
// cause.
type DeadError struct {
	Cause error
}

func (e *DeadError) Error() string { return ErrDead.Error() + ": " + e.Cause.Error() }

// Unwrap returns ErrDead and the cause.
func (e *DeadError) Unwrap() []error { return []error{ErrDead, e.Cause} }

// KilledError says why a guest was told to stop before it was killed. It is
// ErrKilled and wraps the reason.
type KilledError struct {
	Reason error
}

func (e *KilledError) Error() string {
	return ErrKilled.Error() + ": " + strings.TrimPrefix(e.Reason.Error(), "qjswasm: ")
}

// Unwrap returns ErrKilled and the reason.
func (e *KilledError) Unwrap() []error { return []error{ErrKilled, e.Reason} }
