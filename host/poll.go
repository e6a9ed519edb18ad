package host

import (
	"context"
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

// poll is what the guest calls every few thousand steps: the place where other
// goroutines get their turn and where limits of time take effect.
func (in *Instance) poll() bool {
	runtime.Gosched()
	if e := in.interrupt.Load(); e != nil {
		in.abort = e
		return true
	}
	var now time.Time
	for _, f := range in.frames[:in.depth] {
		if f.done != nil {
			select {
			case <-f.done:
				in.abort = Interrupted(f.ctx)
				return true
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
			in.abort = &InterruptError{Reason: []error{context.DeadlineExceeded}}
			return true
		}
	}
	return false
}

// Interrupt unwinds the guest code that runs now, on all levels. The first
// reason wins. Without effect when nothing runs. Safe for concurrent use.
func (in *Instance) Interrupt(reason error) {
	in.interrupt.CompareAndSwap(nil, &InterruptError{Reason: []error{reason}})
}
