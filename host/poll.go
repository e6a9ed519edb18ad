package host

import (
	"context"
	"errors"
	"runtime"
	"time"
)

// Interrupted is the interruption that a done context stands for.
func Interrupted(ctx context.Context) error {
	e := &InterruptError{Reason: []error{ctx.Err()}}
	if cause := context.Cause(ctx); cause != e.Reason[0] {
		e.Reason = append(e.Reason, cause)
	}
	return e
}

// errPanicked is why a guest stops that a panic is on its way through.
var errPanicked = errors.New("a callback panicked")

// poll is what the guest calls every few thousand ticks: the place where other
// goroutines get their turn and where limits of time take effect.
func (in *Instance) poll() bool {
	runtime.Gosched()
	reason := in.stopReason()
	if reason == nil {
		return false
	}
	if in.abort == nil {
		in.abort, in.abortedAt = reason, time.Now()
	}
	return true
}

// stopReason says why the guest should stop now, if it should.
func (in *Instance) stopReason() error {
	if in.panicked != nil {
		return errPanicked
	}
	if e := in.interrupt.Load(); e != nil {
		return e
	}
	if in.ticks.exhausted() {
		return ErrFuel
	}
	var now time.Time
	for _, f := range in.frames[:in.depth] {
		if f.done != nil {
			select {
			case <-f.done:
				return Interrupted(f.ctx)
			default:
			}
		}
		if f.deadline.IsZero() {
			continue
		}
		if now.IsZero() {
			now = time.Now()
		}
		if now.After(f.deadline) {
			// The context's own timer may be late when the machine is busy.
			return &InterruptError{Reason: []error{context.DeadlineExceeded}}
		}
	}
	return nil
}

// overdue tells whether the guest was told to stop too long ago. It is asked on
// the guest's own goroutine, from within a tick, which every loop of the guest
// has: nobody needs to watch it from outside.
func (in *Instance) overdue(now time.Time) bool {
	return in.abort != nil && now.Sub(in.abortedAt) > in.cfg.KillGrace
}

// Interrupt unwinds the guest code that runs now, on all levels. The first
// reason wins. Without effect when nothing runs. Safe for concurrent use.
func (in *Instance) Interrupt(reason error) {
	in.interrupt.CompareAndSwap(nil, &InterruptError{Reason: []error{reason}})
}
