package attack

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/qjswasm/qjswasm"
)

// works is what a runtime says that works.
var works = Result{Kind: "value", Text: "42"}

// liveness is how long anything may take before it counts as hanging.
const liveness = 5 * time.Second

// probe uses a runtime: a program, a Go function, the collector. The program
// needs none of the built-ins that a script may have spoilt.
func probe(ctx context.Context, rt *qjswasm.Runtime) Result {
	ctx, cancel := context.WithTimeout(ctx, liveness)
	defer cancel()
	if err := rt.Set("probe", func(x, y int) int { return x + y }); err != nil {
		return resultOf(err)
	}
	v, err := rt.Eval(ctx, "(() => { let sum = 0; for (let i = 1; i <= 8; i++) sum += i; return probe(sum, 6) })()")
	if err != nil {
		return resultOf(err)
	}
	if err := rt.GC(ctx); err != nil {
		return resultOf(err)
	}
	return Result{Kind: "value", Text: v.String()}
}

// noRoots proves that no Value keeps an object of the guest's alive. Those that
// host functions returned wait for Go's collector.
func noRoots(ctx context.Context, rt *qjswasm.Runtime) error {
	var err error
	for deadline := time.Now().Add(liveness); ; {
		roots := rt.Stats().Roots
		if roots == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("%d roots are left", roots), err)
		}
		runtime.GC()
		time.Sleep(time.Millisecond) // cleanups run on a goroutine of their own
		_, err = rt.RunJob(ctx)      // delivers what asynchronous functions returned
		err = errors.Join(err, rt.GC(ctx))
	}
}
