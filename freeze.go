package qjswasm

import (
	"context"

	"github.com/qjswasm/qjswasm/host"
)

// Freeze makes the built-ins immutable, so that one script cannot change what
// another one sees of the language: everything that the engine and console came
// with is frozen as by Object.freeze, the hidden prototypes of iterators,
// generators and async functions too, and the names of built-ins on the global
// object become constant. The global object itself stays extensible.
//
// What scripts and Go defined before is not frozen, except where a built-in, or
// a global of a built-in's name, leads to it; Proxies, typed arrays and module
// namespaces stay as they are even then. Freeze runs no guest code.
//
// Unlike in ECMAScript, a frozen built-in does not keep the objects that inherit
// from it from being assigned to: `point.toString = f` and `this.name = "MyError"`
// make own properties, as they do without Freeze. Assignments to
// Error.stackTraceLimit and Error.prepareStackTrace are ignored. A script whose
// top level declares a built-in's name with let, const, class or function fails
// with an error.
//
// State that is no property stays shared by scripts: Math.random, Symbol.for, and
// console's counters, timers and groups.
//
// Freeze takes about a millisecond, twice as long as making a runtime, and 100 KB of
// memory. Idempotent. If it fails, for want of memory or because ctx is done, some of the
// built-ins may be frozen; it can be called again.
func (rt *Runtime) Freeze(ctx context.Context) error {
	f, err := rt.in.Enter(ctx)
	if err != nil {
		return err
	}
	defer f.Exit()
	status, err := f.Call(host.RuntimeFreeze)
	if err == nil {
		_, err = rt.realm.Outcome(f, status)
	}
	return err
}
