package attack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/qjswasm/qjswasm"
)

// Report is what one attack came to.
type Report struct {
	Script   *Script
	Result   Result
	Returned time.Duration // from the first entry to the last return
	Overrun  time.Duration // beyond the deadline of the step that was stopped
	Stall    time.Duration // the worst of another goroutine meanwhile
	After    Result        // of using the runtime afterwards
	Err      error         // what is not as it must be
}

// attempt is one run of a script.
type attempt struct {
	script   *Script
	rt       *qjswasm.Runtime
	host     *host
	value    *qjswasm.Value
	shown    string
	deadline time.Time // of the current step
}

// patience is how many times its deadline a script may take that ends by itself:
// a busy machine is slow, and that is no failure of the product's.
const patience = 20

// Run attacks a new runtime, under the pressure of a goroutine that allocates,
// and then proves that the runtime works or says why not, and that it can be
// closed. What is not as the script says is in the report's Err.
func Run(ctx context.Context, s *Script) *Report {
	r := &Report{Script: s}
	timeout := s.Limits.Timeout
	if !s.Endless() {
		timeout *= patience
	}
	a, err := newAttempt(ctx, s, timeout)
	if err != nil {
		r.Err = err
		return r
	}
	p := StartPressure()
	start := time.Now()
	r.Result = a.run(ctx, timeout)
	end := time.Now()
	r.Stall = p.Stop()
	r.Returned = end.Sub(start)
	if end.After(a.deadline) {
		r.Overrun = end.Sub(a.deadline)
	}
	r.After = probe(ctx, a.rt)
	r.Err = errors.Join(s.check(r.Result, r.After), a.close(ctx, r))
	return r
}

// check compares what came of the script with what it says.
func (s *Script) check(got, after Result) error {
	var errs []error
	if !matchesAny(s.Expect, got) {
		errs = append(errs, fmt.Errorf("the outcome is %s, expected %v", got, s.Expect))
	}
	if want := s.After; want == nil && after != works {
		errs = append(errs, fmt.Errorf("afterwards the runtime does not work: %s", after))
	} else if want != nil && !want.Matches(after) {
		errs = append(errs, fmt.Errorf("afterwards the outcome is %s, expected %v", after, want))
	}
	return errors.Join(errs...)
}

func newAttempt(ctx context.Context, s *Script, timeout time.Duration) (*attempt, error) {
	rt, err := qjswasm.New(ctx, &qjswasm.Options{
		MemoryLimit:          s.Limits.Memory,
		StackSize:            s.Limits.Stack,
		KillGrace:            s.Limits.Grace,
		Fuel:                 s.Limits.Fuel,
		Timeout:              timeout,
		Stdout:               io.Discard,
		Stderr:               io.Discard,
		Modules:              loader(s.Modules),
		OnUnhandledRejection: func(*qjswasm.Error) {},
	})
	if err != nil {
		return nil, err
	}
	a := &attempt{script: s, rt: rt, host: newHost(rt)}
	if err := a.host.install(); err != nil {
		return nil, errors.Join(err, rt.Close())
	}
	a.value, err = rt.NewValue(nil)
	return a, err
}

// run takes the script's steps until one fails.
func (a *attempt) run(ctx context.Context, timeout time.Duration) (r Result) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			r = Result{Kind: "panic", Text: fmt.Sprint(p)}
		}
	}()
	names := a.script.Steps
	if len(names) == 0 || !steps[names[0]].evaluates {
		names = append([]string{"eval"}, names...)
	}
	for _, name := range names {
		if a.deadline, _ = ctx.Deadline(); steps[name].boundless {
			a.deadline = time.Now().Add(timeout)
		}
		if err := steps[name].do(ctx, a); err != nil {
			return resultOf(err)
		}
	}
	return Result{Kind: "value", Text: a.shown}
}

// close lets go of all that the attempt holds, proves that the runtime holds no
// more, and closes it.
func (a *attempt) close(ctx context.Context, r *Report) error {
	a.host.drop()
	a.value.Close()
	r.Result.drop()
	r.After.drop()
	var err error
	if r.After.Kind != "dead" && r.After.Kind != "killed" {
		err = noRoots(ctx, a.rt)
	}
	return errors.Join(err, a.rt.Close())
}
