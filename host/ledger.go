package host

import (
	"fmt"
	"math"
	"runtime"
	"sync/atomic"

	"github.com/qjswasm/qjswasm/callables"
)

// Estimates of the Go memory behind what scripts can have any number of. A test
// measures that they are not too low.
const (
	// CostCallable is a Go function or error that JS holds: the registry's node,
	// the closure, the plan of its conversions.
	CostCallable = 384
	// CostValue is a *Value that holds an object, and its place among the roots.
	CostValue = 256
	// CostGoroutine is a call of an asynchronous function that has not settled.
	CostGoroutine = 16 << 10
)

// ledger estimates what a guest makes its host hold on its behalf: callables and
// Values, which are counted where they live, and the bytes in held.
type ledger struct {
	held atomic.Int64 // arguments of running calls, Go errors, goroutines

	written atomic.Int64 // of held: what scripts wrote into live objects
	epoch   uint64       // number of the outermost entry

	registered uint64 // callables, ever

	exhausted atomic.Pointer[Callable] // stands for every Go error that there is no room for
	swept     atomic.Int64             // Values made until the last sweep
	strays    int                      // callables without a function that could not be dropped
}

// HostMemoryError says that a script would make the host use more Go memory than
// its limit. It is ErrMemoryLimit.
type HostMemoryError struct {
	Limit int64 // bytes
}

func (e *HostMemoryError) Error() string {
	return fmt.Sprintf("qjswasm: host memory limit exceeded: the script makes the host use more than %d bytes (Options.HostMemoryLimit)", e.Limit)
}

// Unwrap returns ErrMemoryLimit.
func (*HostMemoryError) Unwrap() error { return ErrMemoryLimit }

// HostBytes estimates the Go memory that the guest makes the host hold, in bytes.
// What Go code got as the result of a call or conversion is its own.
func (in *Instance) HostBytes() int64 {
	return int64(in.Callables.Len())*CostCallable + in.Roots.Live()*CostValue + in.ledger.held.Load()
}

// HostRoom is what is left of the limit, in bytes; it may be negative.
func (in *Instance) HostRoom() int64 {
	if in.cfg.HostMemoryLimit == 0 {
		return math.MaxInt64
	}
	return in.cfg.HostMemoryLimit - in.HostBytes()
}

// Afford returns a *HostMemoryError if n more bytes are not within the limit. It
// may collect Go's garbage first. Safe for concurrent use, as are those above.
func (in *Instance) Afford(n int64) error {
	if in.HostRoom() >= n {
		return nil
	}
	in.sweep()
	if in.HostRoom() >= n {
		return nil
	}
	return in.HostLimit()
}

// HostLimit is the one error for all that is beyond the limit: a flood of them
// must not be a way around it.
func (in *Instance) HostLimit() error { return in.exhausted().Err }

func (in *Instance) exhausted() *Callable {
	if in.ledger.exhausted.Load() == nil {
		in.ledger.exhausted.CompareAndSwap(nil, &Callable{Err: &HostMemoryError{in.cfg.HostMemoryLimit}})
	}
	return in.ledger.exhausted.Load()
}

// sweep has Go's collector look for Values that nobody uses any more. A program
// with a large heap collects so rarely that the limit would otherwise be reached
// by garbage. It is worth its price only if there may be much of it.
func (in *Instance) sweep() {
	made := in.Roots.Made()
	if (made-in.ledger.swept.Load())*CostValue < in.cfg.HostMemoryLimit/4 {
		return
	}
	runtime.GC()
	in.SweepRoots()
	in.ledger.swept.Store(made)
}

// Hold counts n more bytes, or less if n is negative. Safe for concurrent use.
func (in *Instance) Hold(n int64) { in.ledger.held.Add(n) }

// HoldWritten counts n more bytes that the guest has made part of the program's own
// data, or less if n is negative: until the outermost entry ends, since there is no
// telling how long the program keeps them.
func (in *Instance) HoldWritten(n int64) {
	in.ledger.written.Add(n)
	in.Hold(n)
}

// Epoch numbers the outermost entries.
func (in *Instance) Epoch() uint64 { return in.ledger.epoch }

// endEpoch ends what HoldWritten counted.
func (in *Instance) endEpoch() {
	in.Hold(-in.ledger.written.Swap(0))
	in.ledger.epoch++
}

// Register adds a callable if there is room for it. name is for people.
func (in *Instance) Register(c *Callable, name string) (callables.Handle, error) {
	if err := in.Afford(CostCallable + c.Bytes); err != nil {
		return 0, err
	}
	h := in.Callables.Add(c)
	if h == 0 {
		return 0, in.HostLimit()
	}
	in.ledger.registered++
	in.Hold(c.Bytes)
	if in.tracker != nil {
		in.tracker.callable(c, name, in.entries)
	}
	return h, nil
}

// RegisterError adds the callable for a Go error, whose text and causes take so
// many bytes, and returns what it stands for: the error itself, or if there is no
// room for it a *HostMemoryError. Those share one entry's contents, so that each
// takes no more than a node of the registry, less than its Error object in JS.
func (in *Instance) RegisterError(err error, bytes int64) (callables.Handle, error) {
	if limit := in.HostLimit(); err != limit {
		h, lerr := in.Register(&Callable{Err: err, Bytes: bytes}, "")
		if lerr == nil {
			return h, err
		}
	}
	c := in.exhausted()
	return in.Callables.Add(c), c.Err
}

// forget ends what Register counted.
func (in *Instance) forget(c *Callable) {
	if c.Bytes != 0 {
		in.Hold(-c.Bytes)
	}
	if in.tracker != nil {
		in.tracker.forgetCallable(c)
	}
	if c.Forgotten != nil {
		c.Forgotten()
	}
	if c.body != nil || c.demoted {
		in.abandon(c)
	}
}
