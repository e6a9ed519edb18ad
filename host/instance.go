package host

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"weak"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// Callable is what a handle stands for in the registry: a Go function that the
// guest can call, a Go error that a JS Error carries, or a Go value that the guest
// uses in place.
type Callable struct {
	Call  func(*Invocation) uint32 // returns an abi.Status
	Err   error
	Live  Live
	Bytes int64 // what it holds besides CostCallable

	// Forgotten is called when the guest has dropped it, and Released some time
	// after, when other host code may run; either may be nil. They are kept while the
	// guest has the object: they must not lead to what Call, Err or Live capture, nor
	// may Forgotten use the instance but for Hold.
	Forgotten func()
	Released  func()

	body    *body                  // once there was one, while it is held strongly
	group   weak.Pointer[gc.Group] // while it is demoted: holds the body in a place
	place   int32
	demoted bool
	Method  bool   // of a type of live objects: it stays while the guest has the type
	round   uint64 // the last one that demoted it
}

// Instance is one guest. One goroutine at a time may enter it.
type Instance struct {
	eng    *Engine
	cfg    InstanceConfig
	image  *image
	module *module
	mem    *guestMemory
	io     uint32

	gate      gate
	views     atomic.Int32         // in which the program's code runs though nobody else may enter
	viewed    atomic.Bool          // a result is being made in one
	early     int                  // invocations whose result may be there while they go on
	depth     int                  // of frames in use
	level     int                  // the same without those that entered briefly
	frames    [maxDepth + 1]*Frame // those in use come first
	interrupt atomic.Pointer[InterruptError]
	ticks     ticks
	abort     error     // why the guest is unwinding, set by a poll
	abortedAt time.Time // when it was told so
	mayStop   bool      // the guest, in what it does on the host's own account
	alarm     alarm
	panicked  *thrown // a panic on its way out of the guest
	dead      error
	entries   uint64
	later     []func() // hooks that are left for an entry that is not brief
	ledger    ledger
	segments  segments
	cycles    cycles
	tracker   *tracker // nil: nobody asks
	started   time.Time

	// Callables holds the Go functions and errors that the guest can name.
	Callables callables.Registry[Callable]
	// Roots knows the Go ends of roots. Who hands the guest a root says so with
	// gc.Anchor.Use.
	Roots gc.Roots
	// Releases takes roots that Go no longer uses.
	Releases gc.ReleaseQueue
}

// module is the part of an instance that must be given back explicitly. It
// refers to nothing that refers to the instance, so that a cleanup may hold it.
type module struct {
	api.Module
	eng    *Engine
	closed atomic.Bool
}

func (m *module) close() {
	if m.closed.CompareAndSwap(false, true) {
		_ = m.Module.Close(context.Background())
		m.eng.release()
	}
}

// NewInstance creates a guest from the engine's image of its intrinsics. cfg must
// pass Check. A panic of cfg.Now is raised again.
func (e *Engine) NewInstance(ctx context.Context, cfg InstanceConfig) (*Instance, error) {
	intrinsics := cfg.Intrinsics | abi.IntrinsicCore
	if cfg.Intrinsics == 0 {
		intrinsics = abi.IntrinsicAll
	}
	img, err := e.image(ctx, intrinsics)
	if err != nil {
		return nil, err
	}
	in, err := e.instantiate(ctx, cfg)
	if err != nil {
		return nil, err
	}
	in.image = img
	if err := in.restore(); err != nil {
		in.Close()
		return nil, err
	}
	if p := in.panicked; p != nil { // of cfg.Now
		in.Close()
		panic(p.value)
	}
	return in, nil
}

func (e *Engine) instantiate(ctx context.Context, cfg InstanceConfig) (*Instance, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := e.acquire(); err != nil {
		return nil, err
	}
	if cfg.StackSize == 0 {
		cfg.StackSize = e.defaultStack
	}
	if cfg.KillGrace == 0 {
		cfg.KillGrace = DefaultKillGrace
	}
	mem := &guestMemory{limit: cfg.memorySize()}
	mctx := experimental.WithMemoryAllocator(context.WithoutCancel(ctx), mem)
	mod, err := e.wazero.InstantiateModule(mctx, e.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		e.release()
		return nil, fmt.Errorf("qjswasm: creating a guest: %w", err)
	}
	in := &Instance{
		eng:    e,
		cfg:    cfg,
		module: &module{Module: mod, eng: e},
		mem:    mem,
	}
	if cfg.TrackAllocations {
		in.tracker = newTracker(in.Hold)
	}
	gc.WatchCollector()
	in.ticks.init(mod.ExportedGlobal(globalTicks).(api.MutableGlobal), cfg.Fuel)
	in.started = in.now()
	// An instance that Go drops without Close is given back all the same.
	runtime.AddCleanup(in, (*module).close, in.module)
	io, err := in.frame().call(exportIO)
	if err != nil {
		in.Close()
		return nil, err
	}
	in.io = uint32(io)
	return in, nil
}

// restore makes a fresh module into an initialised guest.
func (in *Instance) restore() error {
	size := abi.StackSize + uint32(len(in.image.memory))
	if have := in.mem.Size(); have < size {
		if _, ok := in.module.Memory().Grow((size - have) / PageSize); !ok {
			return fmt.Errorf("qjswasm: creating a guest: %w", ErrMemoryLimit)
		}
	}
	if !in.write(abi.StackSize, in.image.memory) {
		return in.corrupt("image out of bounds")
	}
	defer in.own()() // it is not the script's fuel
	track := uint64(0)
	if in.cfg.TrackRejections {
		track = 1
	}
	_, err := in.frame().call(exportRuntimeConfigure, in.cfg.memorySize(), uint64(in.cfg.StackSize), in.cfg.Seed, track)
	if err != nil {
		return err
	}
	in.mem.WriteUint32Le(in.io+abi.IOConsoleLevels, in.cfg.ConsoleLevels)
	return nil
}

// Close gives the guest back: its memory, and all the Go functions it could
// call. It fails with ErrBusy while guest code runs. Idempotent, safe for
// concurrent use.
func (in *Instance) Close() error {
	first, err := in.gate.close()
	if !first {
		return err
	}
	in.bury()
	return nil
}

// bury gives back what the guest holds: nobody will enter it again.
func (in *Instance) bury() {
	in.alarm.stop()
	in.module.close()
	in.frames, in.segments = [maxDepth + 1]*Frame{}, segments{}
	if in.tracker != nil {
		in.tracker.bury(&in.Roots)
	}
	in.Callables.Clear()
	in.Roots.HoldNothing() // Values last as long as the program has them
	in.Roots, in.cycles.stamps = gc.Roots{}, nil
}

// FuelUsed returns the ticks used so far; while the guest runs, as of its last poll.
// Safe for concurrent use.
func (in *Instance) FuelUsed() uint64 {
	previous, err := in.gate.enter(gateBrief)
	if err == nil {
		defer in.gate.leave(previous)
		if in.dead == nil {
			in.ticks.settle()
		}
	}
	return in.ticks.used.Load()
}

// Refuel adds to the ticks that may be used. Safe for concurrent use.
func (in *Instance) Refuel(n uint64) { in.ticks.refuel(n) }

// Dead returns why the instance can only be closed, or nil.
func (in *Instance) Dead() error { return in.dead }

// kill marks the instance dead; the first cause stays.
func (in *Instance) kill(cause error) error {
	if in.dead == nil {
		in.dead = &DeadError{Cause: cause}
	}
	return in.dead
}

// corrupt is kill for a guest that handed out what it must not.
func (in *Instance) corrupt(what string) error {
	return in.kill(fmt.Errorf("%w: %s", ErrCorrupt, what))
}

// BeginView and EndView enclose the program's own code in an entry that keeps others
// out. It may be part of a callback.
func (in *Instance) BeginView() { in.views.Add(1) }

// EndView: see BeginView. It waits for results that are made under its protection.
func (in *Instance) EndView() {
	in.views.Add(-1)
	for spins := 0; in.viewed.Load(); spins++ {
		await(spins)
	}
}

// stayInView keeps a view open, if there is one and nobody else does.
func (in *Instance) stayInView() bool {
	if in.views.Load() == 0 || !in.viewed.CompareAndSwap(false, true) {
		return false
	}
	if in.views.Load() > 0 { // it did not end meanwhile
		return true
	}
	in.viewed.Store(false)
	return false
}

// Corrupt marks the instance dead because of what the guest handed out, and
// returns the error.
func (in *Instance) Corrupt(what string) error { return in.corrupt(what) }

// GuestBytes is the size of the guest's linear memory, 0 without one.
func (in *Instance) GuestBytes() uint32 {
	if in.mem == nil {
		return 0
	}
	return in.mem.Size()
}

// RootCount, Functions and Entries are the counters behind the root package's Stats:
// live roots, live function and error objects, and calls into the guest.
func (in *Instance) RootCount() int { return int(in.ioUint32(abi.IORootCount)) }

// Functions: see RootCount.
func (in *Instance) Functions() int { return int(in.ioUint32(abi.IOCallableCount)) }

// Entries: see RootCount.
func (in *Instance) Entries() uint64 { return in.entries }
