package qjswasm

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/qjswasm/qjswasm/bridge"
	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Runtime is a JS global environment with a heap of its own, in a guest of its
// own: nothing a script does reaches another runtime.
//
// A Runtime serves one goroutine at a time; use on another meanwhile fails with
// ErrConcurrentUse. It need not be the same goroutine every time, and functions
// called by JS may use the runtime that calls them. Interrupt, FuelUsed, Refuel, Stats
// and Close, and Close of a Value or a WeakValue, are safe for concurrent use.
type Runtime struct {
	opts      Options
	in        *host.Instance
	realm     bridge.Realm
	undefined *Value
	async     asyncState
	written   atomic.Int64 // bytes to the console
	stats     atomic.Pointer[Stats]
}

// Close frees the guest. Values and functions of the runtime fail with ErrClosed
// from then on. It fails with ErrBusy while a script runs, also when a callback
// calls it. Idempotent.
//
// With Options.TrackAllocations it then runs Go's collector, and returns a *LeakError
// if there are Values that the program still refers to and has not closed: once, and
// the runtime is closed all the same. It is legal not to close Values, so without
// that option it says nothing. Values that the program does not own do not count:
// errors outlive runtimes by nature, and asynchronous calls are told to end. Nor does
// what hung on nothing but the runtime, as what functions given to Set capture.
func (rt *Runtime) Close() error {
	if err := rt.in.Close(); err != nil {
		return err
	}
	rt.async.close(ErrClosed)
	rt.realm.StopIterations()
	return rt.left()
}

// Interrupt stops the script that is running, with all its callers, at its next
// loop iteration or call. The entry fails with ErrInterrupted and reason, nil for
// none; the runtime stays usable. Without effect when no script runs. The first
// reason wins. Safe for concurrent use.
func (rt *Runtime) Interrupt(reason error) {
	if reason == nil {
		reason = errInterruptCalled
	}
	rt.in.Interrupt(reason)
}

var errInterruptCalled = errors.New("Interrupt was called")

// FuelUsed returns the ticks that entries have used so far, whether or not
// Options.Fuel bounds them. While another goroutine is in the guest it is the
// figure of the last poll, at most about a millisecond old. Safe for concurrent
// use.
func (rt *Runtime) FuelUsed() uint64 { return rt.in.FuelUsed() }

// Refuel allows n more ticks than Options.Fuel and earlier calls did. After
// ErrFuel the runtime goes on working with it. Safe for concurrent use, also
// while a script runs. Without effect when fuel is not bounded.
func (rt *Runtime) Refuel(n uint64) { rt.in.Refuel(n) }

// Global returns the global object, globalThis. The caller owns the result.
func (rt *Runtime) Global() *Value {
	v, err := rt.Eval(context.Background(), "this")
	if err != nil {
		v = &Value{rt: rt, kind: KindObject}
		v.closed.Store(true) // its use says what is wrong with the runtime
	}
	return v
}

// Set defines a global: the binding of a script's let or class if there is one
// of that name, a property of the global object otherwise, which replaces an
// accessor. The value converts as in NewValue; a Go function becomes a callable
// of that name. Setting a name again releases what it held. Runs no guest code.
func (rt *Runtime) Set(name string, v any) error {
	_, err := rt.undefined.property(abi.PropertyGlobalSet, name, v)
	return err
}

// Get returns a global by name, undefined if there is none. Runs guest code if it is an
// accessor. The caller owns the result.
func (rt *Runtime) Get(name string) (*Value, error) {
	return rt.undefined.property(abi.PropertyGlobalGet, name, nil)
}

// GC collects garbage on both sides: cycles in the guest, Values that Go has
// dropped, functions that died with them and, unless Options.CycleGC is
// CycleGCOff, cycles that run through both heaps. Afterwards nothing is left that
// nobody uses. It runs Go's collector, once or a few times: a server should leave
// all that to Options.CycleGC. Called by a function that JS has called, it finds no
// cycles through both heaps. Other goroutines may hold, close and drop Values
// meanwhile. A cycle through several runtimes goes once all of them have collected
// since they were last used, and the first then once more. When ctx is done, or by
// Interrupt, it is left with ErrInterrupted, also half way through the guest's heap
// unless JS has called: what was freed stays so, the rest is for the next one.
// Options.Timeout does not bound it. Runs no guest code.
func (rt *Runtime) GC(ctx context.Context) error {
	f, err := rt.in.Enter(ctx)
	if err != nil {
		return err
	}
	defer f.Exit()
	return f.Collect()
}

// Stats are the figures of a runtime.
type Stats struct {
	Callables       int    // Go functions, errors and live objects that JS can still reach
	Roots           int    // Values, and WeakValues, that hold an object in the guest
	PendingReleases int    // Values that Go dropped and the guest has not heard of
	GuestBytes      int64  // what the engine has allocated
	GuestMemory     int64  // the guest's linear memory, which never shrinks
	GuestObjects    int    // objects in the guest
	HostBytes       int64  // Go memory that counts against HostMemoryLimit, estimated
	Entries         uint64 // calls into the guest

	// Of cycles that run through both heaps: see Options.CycleGC.
	CycleRounds     uint64        // how often they were looked for
	CycleEdges      int           // references that Go's collector was told of, the last time
	Demoted         int           // functions held by nothing but Values, the last time
	CyclesCollected uint64        // functions that Go's collector found unused
	CycleTime       time.Duration // that looking took
}

// Stats returns the runtime's figures. Counting objects takes time in proportion
// to their number. While another goroutine is in the guest, and once the runtime
// is dead or closed, the result is that of the last call before. Safe for
// concurrent use.
func (rt *Runtime) Stats() Stats {
	f, err := rt.in.EnterBriefly()
	if err != nil {
		if s := rt.stats.Load(); s != nil {
			return *s
		}
		return Stats{}
	}
	defer f.Exit()
	rt.in.SweepRoots()
	s, err := rt.count(f)
	if err == nil {
		rt.stats.Store(&s)
	}
	return s
}

func (rt *Runtime) count(f *host.Frame) (Stats, error) {
	bytes, err := f.Bytes()
	if err != nil {
		return Stats{}, err
	}
	objects, err := f.Objects()
	if err != nil {
		return Stats{}, err
	}
	c := rt.in.CycleStats()
	return Stats{
		CycleRounds:     c.Rounds,
		CycleEdges:      c.Edges,
		Demoted:         c.Demoted,
		CyclesCollected: c.Collected,
		CycleTime:       c.Time,
		Callables:       rt.in.Callables.Len(),
		Roots:           rt.in.RootCount(),
		PendingReleases: rt.in.Releases.Len(),
		GuestBytes:      int64(bytes),
		GuestMemory:     int64(rt.in.GuestBytes()),
		GuestObjects:    int(objects),
		HostBytes:       rt.in.HostBytes(),
		Entries:         rt.in.Entries(),
	}, nil
}
