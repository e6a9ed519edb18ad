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
// goroutines get their turn and where limits of time take effect. It says whether
// the guest should stop; one that was told so too long ago is killed.
//
// That happens on the guest's own goroutine. Every loop of the guest has a tick
// (see wasm/meter), so it need not be watched, and its memory need not be taken
// away, by another goroutine that would race with compiled code.
func (in *Instance) poll() bool {
	runtime.Gosched()
	if in.ticks.paused {
		if in.ticks.own > in.ownTicks() {
			_ = in.kill(&KilledError{Reason: errTooLong})
		}
		if !in.mayStop {
			return false
		}
		if in.abort == nil {
			in.abort = in.stopReason(time.Now())
		}
		return in.abort != nil
	}
	now := time.Now()
	if in.abort == nil {
		in.abort, in.abortedAt = in.stopReason(now), now
	} else if now.Sub(in.abortedAt) > in.cfg.KillGrace {
		_ = in.kill(&KilledError{Reason: in.abort})
	}
	return in.abort != nil
}

// stopReason says why the guest should stop now, if it should.
func (in *Instance) stopReason(now time.Time) error {
	if in.panicked != nil {
		return errPanicked
	}
	if e := in.interrupt.Load(); e != nil {
		return e
	}
	if in.ticks.exhausted() {
		return ErrFuel
	}
	for _, f := range in.frames[:in.level] {
		if f.done != nil {
			select {
			case <-f.done:
				return Interrupted(f.ctx)
			default:
			}
		}
		if !f.deadline.IsZero() && now.After(f.deadline) {
			// The context's own timer may be late when the machine is busy.
			return &InterruptError{Reason: []error{context.DeadlineExceeded}}
		}
	}
	return nil
}

// late tells whether poll would find something, without looking at the clock:
// cheap enough to ask after every call of host code.
func (in *Instance) late() bool {
	if in.interrupt.Load() != nil || in.alarm.take() {
		return true
	}
	for _, f := range in.frames[:in.level] {
		if f.done == nil {
			continue
		}
		select {
		case <-f.done:
			return true
		default:
		}
	}
	return false
}

// Check returns why the running entry should end early, if it should. For long
// work of the host on the guest's behalf.
func (in *Instance) Check() error {
	if in.level == 0 || !in.poll() {
		return nil
	}
	err := in.abort
	in.abort = nil
	return err
}

// Interrupt unwinds the guest code that runs now, on all levels. The first
// reason wins. Without effect when nothing runs. Safe for concurrent use.
func (in *Instance) Interrupt(reason error) {
	in.interrupt.CompareAndSwap(nil, &InterruptError{Reason: []error{reason}})
}
