package host

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tetratelabs/wazero/api"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// maxDepth bounds how deep host and guest can call each other. Each level costs
// Go stack that no limit of the guest counts.
const maxDepth = 200

// errGoexit is why an instance is dead after runtime.Goexit in a callback: the
// goroutine went away with wasm frames on it.
var errGoexit = errors.New("runtime.Goexit was called in a callback")

// Frame is one level of host code calling the guest. Frames are made once per
// depth and used again, since an api.Function is a call engine that cannot be
// entered twice.
//
// A Frame is also the context.Context that wazero hands back to host functions:
// reaching the instance from there takes neither a map nor a context lookup.
type Frame struct {
	// Req is for the caller to fill between Enter and Call.
	Req Request

	in        *Instance
	ctx       context.Context
	done      <-chan struct{}
	deadline  time.Time
	bounded   context.Context // ctx with the deadline, once a callback has asked for it
	cancel    context.CancelFunc
	previous  int64 // of the gate
	brief     bool  // entered by EnterBriefly
	inGuest   bool
	inv       Invocation
	released  []func() // hooks to be run by Exit
	functions [exportCount]api.Function
	stack     [8]uint64
}

// Deadline, Done, Err and Value make a Frame a context.Context without content:
// wazero must not act on the caller's context, this package does.
func (*Frame) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done: see Deadline.
func (*Frame) Done() <-chan struct{} { return nil }

// Err: see Deadline.
func (*Frame) Err() error { return nil }

// Value: see Deadline.
func (*Frame) Value(any) any { return nil }

// frame returns the frame for the current depth.
func (in *Instance) frame() *Frame {
	if in.frames[in.depth] == nil {
		f := &Frame{in: in}
		f.inv.frame = f
		f.Req.limit = int64(in.cfg.memorySize())
		f.inv.req.limit = f.Req.limit
		in.frames[in.depth] = f
	}
	return in.frames[in.depth]
}

// Enter begins a call into the guest. The caller fills Req, calls, reads the
// result and then calls Exit, deferred, on the same goroutine. ctx bounds the
// guest's execution.
func (in *Instance) Enter(ctx context.Context) (*Frame, error) {
	return in.enter(ctx, gateRunning)
}

// EnterBriefly is Enter for what may be done on any goroutine and takes little
// time: others who want to enter meanwhile wait. No host code may be called, and
// what a callback that runs meanwhile looks at, such as Innermost, does not change.
func (in *Instance) EnterBriefly() (*Frame, error) {
	return in.enter(context.Background(), gateBrief)
}

func (in *Instance) enter(ctx context.Context, holder int64) (*Frame, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	previous, err := in.gate.enter(holder)
	if err != nil {
		return nil, err
	}
	if err := in.admit(ctx); err != nil {
		in.gate.leave(previous)
		return nil, err
	}
	f := in.frame()
	f.Req.Reset(0)
	f.previous, f.brief = previous, holder == gateBrief
	f.ctx = ctx
	f.done = ctx.Done()
	f.deadline, _ = ctx.Deadline()
	if in.cfg.Timeout > 0 {
		if d := time.Now().Add(in.cfg.Timeout); f.deadline.IsZero() || d.Before(f.deadline) {
			f.deadline = d
		}
	}
	in.begin()
	in.depth++
	if !f.brief {
		in.level++
		in.entries++
	}
	if err := in.settleAbort(); err != nil {
		f.Exit()
		return nil, err
	}
	if in.depth == 1 {
		if in.Roots.Unswept() {
			in.Roots.Sweep(sweepAtEntry, in.Releases.Push)
		}
		if in.Releases.Len() > 0 {
			if err := in.releaseRoots(); err != nil {
				f.Exit()
				return nil, err
			}
		}
		if !f.brief {
			in.afterCollection()
		}
	}
	return f, nil
}

// sweepAtEntry is how many roots an entry looks at, to see whether Go still uses
// them: it should not be noticed.
const sweepAtEntry = 4096

// begin forgets, on the outermost level, what was meant for an earlier entry: an
// interruption that came late, an abort that it ended without noticing.
func (in *Instance) begin() {
	if in.depth == 0 {
		in.interrupt.Store(nil)
		in.abort = nil
	}
}

func (in *Instance) admit(ctx context.Context) error {
	if in.dead != nil {
		return in.dead
	}
	if in.depth >= maxDepth {
		return ErrStackOverflow
	}
	if ctx.Err() != nil {
		return Interrupted(ctx)
	}
	return nil
}

// Exit ends what Enter began.
func (f *Frame) Exit() {
	in := f.in
	if f.inGuest { // neither a return nor a panic brought us here
		f.inGuest = false
		_ = in.kill(errGoexit)
	}
	if in.depth == 1 && in.dead == nil && (in.cycles.wanted || torture) && !f.brief {
		in.breakCycles(f)
	}
	released := f.released
	f.released = nil
	if in.depth == 1 && in.dead == nil {
		released = append(released, in.settle()...)
	}
	if f.brief { // maybe on a goroutine that has nothing to do with the runtime
		in.later = append(in.later, released...)
		released = nil
	} else {
		if len(in.later) > 0 {
			released = append(in.later, released...)
			in.later = nil
		}
		in.level--
	}
	in.depth--
	if in.depth == 0 {
		in.endEpoch()
	}
	if in.depth == 0 && in.dead != nil {
		in.bury()
		if in.cfg.Died != nil {
			in.cfg.Died(in.dead)
		}
	}
	in.abort = nil // one that came too late to be noticed is not the caller's
	f.ctx, f.done = nil, nil
	if f.cancel != nil {
		f.cancel()
		f.bounded, f.cancel = nil, nil
	}
	in.gate.leave(f.previous)
	notify(released)
}

// notify runs hooks of callables that were released, all of them even if one
// panics.
func notify(released []func()) {
	if len(released) > 0 {
		defer notify(released[1:])
		released[0]()
	}
}

// Call writes Req and calls the guest. A panic of a callback is raised again
// here with its value. The status is the guest's; the error is not about the
// script but about the instance, which is dead then, or about memory that Req
// needed.
func (f *Frame) Call(e Export, params ...uint64) (status uint32, err error) {
	if f.in.ticks.exhausted() {
		return 0, ErrFuel
	}
	if err := f.in.writeRequest(f, &f.Req); err != nil {
		return 0, err
	}
	f.in.abort = nil
	s, err := f.call(e, params...)
	if p := f.in.panicked; p != nil {
		f.in.panicked = nil
		panic(p.value)
	}
	if err == nil {
		err = f.in.dead // who was further inside has ended it
	}
	return uint32(s), err
}

// call calls an exported function; of its results there is at most one.
func (f *Frame) call(e Export, params ...uint64) (uint64, error) {
	fn := f.functions[e]
	if fn == nil {
		fn = f.in.module.ExportedFunction(exportNames[e])
		f.functions[e] = fn
	}
	copy(f.stack[:], params)
	deep := f.in.stackIsDeep()
	f.inGuest = true
	err := fn.CallWithStack(f, f.stack[:])
	f.inGuest = false
	if f.in.stackIsDeep() {
		// The call engine would keep the native stack it needed.
		f.functions[e] = nil
		if !deep {
			f.in.stackWasDeep()
		}
	}
	if err != nil {
		return 0, f.in.trapped(err)
	}
	return f.stack[0], nil
}

// trapped is kill for a guest that wasm stopped. The text keeps wazero's first
// line: the rest is a stack of wasm function numbers.
func (in *Instance) trapped(err error) error {
	if in.dead != nil { // killed
		return in.dead
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	if strings.Contains(line, "stack overflow") {
		return in.kill(ErrStackOverflow)
	}
	return in.kill(errors.New("the guest trapped: " + line))
}

// Result returns the result cell and its auxiliary word. Valid after Call
// returned abi.StatusOK.
func (f *Frame) Result() (cell, aux uint64) {
	io := f.in.ioBlock()
	return io.uint64(abi.IOResult), io.uint64(abi.IOResultAux)
}

// Tape returns the tape the guest wrote last. Borrowed: valid until the next
// call into the guest.
func (f *Frame) Tape() ([]byte, error) {
	io := f.in.ioBlock()
	return f.in.Bytes(io.uint32(abi.IOOutPtr), io.uint32(abi.IOOutLen))
}

// Aborted returns why the guest was unwound by the last Call, or nil.
func (f *Frame) Aborted() error {
	err := f.in.abort
	f.in.abort = nil
	return err
}
