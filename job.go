package qjswasm

import (
	"context"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// jobBatch is how many jobs run before the host looks at its own affairs again.
const jobBatch = 1000

// RunJob runs one pending job: a promise reaction, a queued microtask, a
// finalization callback. It returns false if there was none. Runs guest code,
// bounded by ctx.
func (rt *Runtime) RunJob(ctx context.Context) (bool, error) {
	n, err := rt.runJobs(ctx, 1)
	return n > 0, err
}

// RunJobs runs pending jobs, and those that they add, until none is left, and
// returns their number. It does not wait for asynchronous Go functions that have
// not returned; Await does. A job that fails otherwise than by rejecting its
// promise, at a limit for example, is an error and the rest stays pending. Runs
// guest code, bounded by ctx.
func (rt *Runtime) RunJobs(ctx context.Context) (int, error) {
	return rt.runJobs(ctx, 0)
}

// Await runs jobs until the promise is settled and returns its value, or its
// reason as an *Error. It waits for asynchronous Go functions. Any other value
// is its own result. When nothing is left that could settle the promise, the
// error is ErrUnsettled. Runs guest code, bounded by ctx. The caller owns the
// result.
func (rt *Runtime) Await(ctx context.Context, v *Value) (*Value, error) {
	if v.rt != rt {
		return nil, ErrWrongRuntime
	}
	if err := v.usable(); err != nil {
		return nil, err
	}
	if !v.IsPromise() {
		return v.Dup(), nil
	}
	if v.inv != nil {
		v = v.Dup()
	}
	for {
		r, settled, err := rt.awaitJobs(ctx, v)
		if err != nil || settled {
			return r, err
		}
		if err := rt.async.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// awaitOwned is Await for a promise that nobody else will see.
func (rt *Runtime) awaitOwned(ctx context.Context, promise *Value) (*Value, error) {
	defer promise.Close()
	return rt.Await(ctx, promise)
}

// runJobs runs at most max jobs, all if max is 0.
func (rt *Runtime) runJobs(ctx context.Context, max int) (n int, err error) {
	if err := rt.async.deliver(ctx); err != nil {
		return 0, err
	}
	rejected, err := func() ([]*Error, error) {
		f, err := rt.in.Enter(ctx)
		if err != nil {
			return nil, err
		}
		defer f.Exit()
		ran, drained, err := rt.jobs(f, max, gc.Root{})
		n = ran
		if err != nil || !drained {
			return nil, err
		}
		return rt.rejections(f)
	}()
	rt.report(rejected)
	return n, err
}

// awaitJobs runs jobs until the promise is settled or none is left.
func (rt *Runtime) awaitJobs(ctx context.Context, promise *Value) (r *Value, settled bool, err error) {
	if err := rt.async.deliver(ctx); err != nil {
		return nil, false, err
	}
	rejected, err := func() ([]*Error, error) {
		f, err := rt.in.Enter(ctx)
		if err != nil {
			return nil, err
		}
		defer f.Exit()
		root := promise.anchor.Use()
		_, drained, err := rt.jobs(f, 0, root)
		if err != nil {
			return nil, err
		}
		status, err := f.Call(host.PromiseResult, uint64(root.Index), uint64(root.Generation), modeValue)
		if err != nil {
			return nil, err
		}
		var failure error
		if status != abi.StatusAbort {
			var x any
			settled = true
			if x, failure = rt.realm.Outcome(f, status); failure == nil {
				r = x.(*Value)
			}
		}
		if !drained {
			return nil, failure
		}
		rejected, err := rt.rejections(f)
		if failure == nil {
			failure = err
		}
		return rejected, failure
	}()
	rt.report(rejected)
	return r, settled, err
}

// jobs runs at most max jobs (0: all) until the promise in root, if any, is
// settled.
func (rt *Runtime) jobs(f *host.Frame, max int, root gc.Root) (n int, drained bool, err error) {
	for {
		batch := jobBatch
		if max > 0 {
			batch = min(batch, max-n)
		}
		status, err := f.Call(host.JobRun, uint64(batch), uint64(root.Index), uint64(root.Generation))
		if err != nil {
			return n, false, err
		}
		more, aux := f.Result()
		ran := int(uint32(aux))
		if ran < 0 || ran > batch {
			return n, false, rt.in.Corrupt("jobs miscounted")
		}
		n += ran
		if status != abi.StatusOK {
			return n, false, rt.realm.Failure(f)
		}
		if more == abi.False {
			return n, true, nil
		}
		if ran < batch || n == max {
			return n, false, nil // settled, or as many as were asked for
		}
		if err := rt.in.Check(); err != nil {
			return n, false, err
		}
	}
}

// maxRejections is how many unhandled rejections the guest keeps.
const maxRejections = 64

// rejections takes what the guest has noted of unhandled rejections.
func (rt *Runtime) rejections(f *host.Frame) ([]*Error, error) {
	if rt.opts.OnUnhandledRejection == nil {
		return nil, nil
	}
	var all []*Error
	for range maxRejections {
		status, err := f.Call(host.RejectionTake)
		if err != nil || status == abi.StatusUndefined {
			return all, err
		}
		e, ok := rt.realm.Failure(f).(*Error)
		if !ok {
			return all, nil
		}
		all = append(all, e)
	}
	return all, nil
}

// report tells of all of them, even if the program's function panics.
func (rt *Runtime) report(rejected []*Error) {
	if len(rejected) > 0 {
		defer rt.report(rejected[1:])
		rt.opts.OnUnhandledRejection(rejected[0])
	}
}
