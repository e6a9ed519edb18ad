package qjswasm

import (
	"io"
	"time"

	"github.com/qjswasm/qjswasm/host"
	"github.com/qjswasm/qjswasm/internal/abi"
)

const (
	// DefaultMemoryLimit is the MemoryLimit of a runtime whose options say 0.
	DefaultMemoryLimit = 256 << 20
	// MinMemoryLimit and MaxMemoryLimit are the least and the most there is.
	MinMemoryLimit = host.MinMemory
	MaxMemoryLimit = host.MaxMemory
	// DefaultStackSize is the StackSize of a runtime whose options say 0, where the
	// guest is compiled, and the most there is. Where it is interpreted, 128 KiB.
	DefaultStackSize = host.MaxStack
	// MinStackSize is the least there is.
	MinStackSize = host.MinStack
	// DefaultKillGrace is the KillGrace of a runtime whose options say 0.
	DefaultKillGrace = host.DefaultKillGrace
	// MinHostMemoryLimit and MaxHostMemoryLimit are the least and the most there is.
	MinHostMemoryLimit = host.MinHostMemory
	MaxHostMemoryLimit = host.MaxHostMemory
	// DefaultConsoleLimit is the ConsoleLimit of a runtime whose options say 0.
	DefaultConsoleLimit = 16 << 20
)

// Options say what a runtime may use and reach. The zero value, and nil, give a
// runtime that reaches nothing: no files, network, environment or output.
type Options struct {
	// MemoryLimit bounds the guest's memory in bytes: all JS values, code and
	// stacks. 0 means DefaultMemoryLimit; otherwise it is from MinMemoryLimit, 4
	// MiB, to MaxMemoryLimit, just below 4 GiB. It is exact to a page of 64 KiB,
	// except that what StackSize leaves unused of its maximum does not count.
	// About a sixteenth is for what allocators lose. Reaching it is a catchable
	// InternalError in JS and ErrMemoryLimit in Go.
	MemoryLimit int64
	// StackSize bounds the guest's call stack in bytes. 0 means DefaultStackSize,
	// 960 KiB and the most there is, or 128 KiB where wazero interprets the guest,
	// which has a limit of its own; the least is MinStackSize, 64 KiB. Reaching it
	// is a catchable RangeError in JS and ErrStackOverflow in Go. So is, whatever the
	// size, that Go and JS have called each other 200 levels deep.
	StackSize int64
	// HostMemoryLimit bounds the Go memory, in bytes, that scripts make the host
	// use: the result of each conversion while it is made, and together with it
	// the arguments of Go functions that run, live Values, Go functions and Go
	// errors that JS holds, and asynchronous calls. It is an estimate, on the high
	// side (see Stats.HostBytes). What a conversion has returned belongs to the Go
	// code that asked for it and counts no longer. 0 means as much as MemoryLimit;
	// otherwise it is from MinHostMemoryLimit, 1 MiB, to MaxHostMemoryLimit, 64
	// TiB. Reaching it fails the operation with ErrMemoryLimit, an InternalError
	// in JS; the runtime stays usable.
	HostMemoryLimit int64
	// Timeout bounds every entry into the guest, besides its context. 0 means no
	// bound.
	Timeout time.Duration
	// KillGrace is how long a script may take to stop once it was told to, because
	// of its context, Timeout, Fuel or Interrupt. Built-ins leave at their next
	// step, so that nearly all scripts are gone within a millisecond and the
	// runtime stays usable; one that does not make it in time, for instance because
	// it is freeing millions of objects, is killed: the entry fails with ErrKilled,
	// and so does every later one. 0 means DefaultKillGrace.
	KillGrace time.Duration
	// Fuel bounds the work of all entries together, in ticks: one for each time a
	// loop of the engine goes round again, which takes a few nanoseconds, and 8 for
	// every call and jump in a script. The count depends on nothing but source,
	// seed, clock and what the host answers, so that a script stops at the same
	// place on every machine. Using it up is ErrFuel, which scripts cannot catch;
	// Refuel allows more. 0 means no bound.
	Fuel uint64
	// Intrinsics are the groups of built-ins that exist. 0 means all of them. What
	// to leave out is said by AllIntrinsics &^ IntrinsicEval, what to have by
	// IntrinsicCore | IntrinsicJSON. The first runtime of an engine with a new set
	// takes some milliseconds longer.
	Intrinsics Intrinsics
	// Seed feeds Math.random and hashing. nil means a random one. With Seed and Now
	// fixed, a run is repeatable to the last bit, Stats included but for CycleTime:
	// the same source and the same answers of Go functions give the same results on
	// any machine. The collector is part of that: Close values, which Go's own
	// collector would release at a time of its own, and set CycleGC to CycleGCManual
	// where there are more than a hundred of them and of Go functions.
	Seed *uint64
	// Now is what Date and performance.now read. nil means the system's clock at
	// a resolution of one millisecond. It is called from within the guest and
	// must not use the runtime.
	Now func() time.Time
	// Stdout and Stderr receive console output: log, info and debug, and warn,
	// error and trace. nil discards it, and the work of formatting too. A write
	// error is thrown into the script. Writes happen on the goroutine that runs
	// the script. Writers must not retain what they are given.
	Stdout, Stderr io.Writer
	// ConsoleLimit bounds what goes to Stdout and Stderr together in the life of
	// the runtime, in bytes. 0 means DefaultConsoleLimit, 16 MiB; negative means no
	// bound. What would exceed it is not written, and the script gets an error,
	// catchable, that is ErrConsoleLimit in Go.
	ConsoleLimit int64
	// ColorStdout and ColorStderr format what goes there with ANSI colours.
	ColorStdout, ColorStderr bool
	// Modules resolves and loads what scripts import. nil means that imports fail.
	Modules ModuleLoader
	// OnUnhandledRejection is called for each promise, at most 64 at a time, that
	// was rejected and has no handler when the jobs have run out, at the end of
	// RunJob, RunJobs, Await, Import and whatever else waits for promises, such as
	// EvalSource of a module and Iterate, on the goroutine of that call. nil means
	// that nobody asks.
	OnUnhandledRejection func(*Error)
	// CycleGC is when to look for garbage cycles that run through both heaps: a Go
	// function that holds a Value which leads to that very function. 0 means
	// CycleGCAuto: by itself, when entries end, so that it takes a few per cent of the
	// time that they take at most, and more only where they make little but such
	// cycles, or where that frees some of a memory of which more than half is used.
	// See docs/memory.md.
	CycleGC CycleGC
	// TrackAllocations notes for each Value, and for each Go function, error and live
	// object that JS holds, where in the program and in which entry it was made:
	// Runtime.Leaks tells. Runtime.Close then fails with a LeakError if the program
	// still uses Values. It is for tests and for finding leaks: each takes about two
	// microseconds more, and some memory, which counts against HostMemoryLimit. It
	// keeps nothing alive.
	TrackAllocations bool
	// DebugViews has ViewBytes hand out copies, which it writes back and then fills
	// with 0xdb: code that keeps a view for longer than it may sees it at once. For
	// tests; it makes views slow.
	DebugViews bool
}

// CycleGC is when a runtime looks for cycles that run through both heaps.
type CycleGC int

const (
	// CycleGCAuto means when outermost entries end, if there are so many Values and
	// Go functions that there may be cycles among them, and in Runtime.GC.
	CycleGCAuto = CycleGC(host.CycleGCAuto)
	// CycleGCManual means in Runtime.GC only.
	CycleGCManual = CycleGC(host.CycleGCManual)
	// CycleGCOff means never: such cycles last until the runtime is closed, or Go
	// drops it.
	CycleGCOff = CycleGC(host.CycleGCOff)
)

// config checks the options and turns them into the host's terms.
func (rt *Runtime) config() (host.InstanceConfig, error) {
	o := &rt.opts
	seed, err := o.seed()
	if err != nil {
		return host.InstanceConfig{}, err
	}
	cfg := host.InstanceConfig{
		MemoryLimit:     o.MemoryLimit,
		StackSize:       o.StackSize,
		HostMemoryLimit: o.HostMemoryLimit,
		Timeout:         o.Timeout,
		KillGrace:       o.KillGrace,
		Fuel:            o.Fuel,
		CycleGC:         host.CycleGC(o.CycleGC),
		Intrinsics:      uint32(o.Intrinsics),
		Seed:            seed,
		Now:             o.Now,
		Died:            rt.async.close,
		Console:         rt.consoleWrite,
		Resolve:         rt.resolveModule,
		TrackRejections: o.OnUnhandledRejection != nil,

		TrackAllocations: o.TrackAllocations,
	}
	if o.Modules != nil {
		cfg.Load = rt.loadModule
	}
	if cfg.MemoryLimit == 0 {
		cfg.MemoryLimit = DefaultMemoryLimit
	}
	if cfg.HostMemoryLimit == 0 {
		cfg.HostMemoryLimit = cfg.MemoryLimit
	}
	for level := range uint32(consoleLevels) {
		w, color := o.console(level)
		if w == nil {
			continue
		}
		cfg.ConsoleLevels |= 1 << level
		if color {
			cfg.ConsoleLevels |= 1 << (8 + level)
		}
	}
	return cfg, cfg.Check()
}

// consoleLevels is the number of levels: debug, log, info, warn, error.
const consoleLevels = 5

// console says where the output of a level goes, and whether in colour.
func (o *Options) console(level uint32) (w io.Writer, color bool) {
	if level < 3 {
		return o.Stdout, o.ColorStdout
	}
	return o.Stderr, o.ColorStderr
}

// takeConsole takes n bytes of ConsoleLimit, if there are so many left.
func (rt *Runtime) takeConsole(n int) bool {
	limit := rt.opts.ConsoleLimit
	if limit == 0 {
		limit = DefaultConsoleLimit
	}
	for {
		written := rt.written.Load()
		if limit > 0 && int64(n) > limit-written {
			return false
		}
		if rt.written.CompareAndSwap(written, written+int64(n)) {
			return true
		}
	}
}

func (rt *Runtime) consoleWrite(inv *host.Invocation, level uint32, text []byte) uint32 {
	if w, _ := rt.opts.console(level); w != nil {
		if !rt.takeConsole(len(text)) {
			return embedder{rt}.Throw(inv, ErrConsoleLimit)
		}
		if _, err := w.Write(text); err != nil {
			return embedder{rt}.Throw(inv, err)
		}
	}
	return abi.StatusUndefined
}
