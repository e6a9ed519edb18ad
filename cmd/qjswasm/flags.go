package main

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/qjswasm/qjswasm"
	"github.com/spf13/pflag"
)

// limits are the flags that all commands share that run something.
type limits struct {
	timeout   timeout
	memory    size
	stack     size
	stats     bool
	allowRead folders
	seed      seed
	fuel      fuel
	without   without
}

func (l *limits) register(f *pflag.FlagSet, timeoutOf, readDefault string) {
	l.setDefaults()
	f.Var(&l.timeout, "timeout", "stop "+timeoutOf+" after this time: 500ms, 2s, 1m30s (default no limit)")
	f.Var(&l.memory, "memory", "memory for all of the script: bytes, or with KiB, MiB, GiB, KB, MB, GB")
	f.Var(&l.stack, "stack", "call stack, in units as for --memory; 64KiB to 960KiB")
	f.Var(&l.fuel, "fuel", "steps of work, the same on every machine; --stats tells how many a run takes, its start included (default no limit)")
	f.BoolVar(&l.stats, "stats", false, "print time, memory, fuel and what is held across the sandbox to stderr at the end (default off)")
	f.Var(&l.allowRead, "allow-read", "let imports read from this folder; repeatable (default "+readDefault+")")
	f.Var(&l.seed, "seed", "make Math.random repeatable with this number, 0 to 2^64-1 (default random)")
}

// registerWithout adds the flag of the commands that need no built-ins themselves.
func (l *limits) registerWithout(f *pflag.FlagSet) {
	f.Var(&l.without, "without", "run without these built-ins, separated by commas: "+(qjswasm.AllIntrinsics&^qjswasm.IntrinsicCore).String())
}

func (l *limits) setDefaults() {
	l.memory, l.stack = qjswasm.DefaultMemoryLimit, qjswasm.DefaultStackSize
}

// options are the runtime's options, as far as flags say.
func (l *limits) options() qjswasm.Options {
	return qjswasm.Options{MemoryLimit: int64(l.memory), StackSize: l.stackSize(), Seed: l.seed.value, Fuel: uint64(l.fuel),
		// The command prints by console, which scripts lose in session.start.
		Intrinsics: qjswasm.AllIntrinsics&^qjswasm.Intrinsics(l.without) | qjswasm.IntrinsicConsole}
}

// stackSize leaves the default to the engine, which may have a smaller one.
func (l *limits) stackSize() int64 {
	if l.stack == qjswasm.DefaultStackSize {
		return 0
	}
	return int64(l.stack)
}

// timeout is a flag for a duration above zero.
type timeout time.Duration

var errTimeout = errors.New("must be a duration above zero with its unit, such as 500ms, 2s or 1m30s")

func (t *timeout) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return errTimeout
	}
	*t = timeout(d)
	return nil
}

// String is empty for no timeout, so that the help shows no default of "0s".
func (t *timeout) String() string {
	if *t == 0 {
		return ""
	}
	return time.Duration(*t).String()
}

func (t *timeout) Type() string { return "DURATION" }

// fuel is a flag for a number above zero.
type fuel uint64

var errFuel = errors.New("must be a whole number above zero")

func (n *fuel) Set(text string) error {
	v, err := strconv.ParseUint(text, 0, 64)
	if err != nil || v == 0 {
		return errFuel
	}
	*n = fuel(v)
	return nil
}

// String is empty for no limit, as that of timeout.
func (n *fuel) String() string {
	if *n == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(*n), 10)
}

func (n *fuel) Type() string { return "NUMBER" }

// seed is a flag for an optional number.
type seed struct{ value *uint64 }

var errSeed = errors.New("must be a whole number from 0 to 18446744073709551615")

func (s *seed) Set(text string) error {
	n, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		return errSeed
	}
	s.value = &n
	return nil
}

func (s *seed) String() string {
	if s.value == nil {
		return ""
	}
	return strconv.FormatUint(*s.value, 10)
}

func (s *seed) Type() string { return "NUMBER" }

// without is a flag for groups of built-ins; repeatable.
type without qjswasm.Intrinsics

var errCore = errors.New("the core of the language cannot be left out")

func (w *without) Set(text string) error {
	set, err := qjswasm.ParseIntrinsics(text)
	switch {
	case err != nil:
		return errors.New(strings.TrimPrefix(err.Error(), "qjswasm: "))
	case set&qjswasm.IntrinsicCore != 0:
		return errCore
	}
	*w |= without(set)
	return nil
}

func (w *without) has(set qjswasm.Intrinsics) bool { return qjswasm.Intrinsics(*w)&set != 0 }

func (w *without) String() string { return qjswasm.Intrinsics(*w).String() }

func (w *without) Type() string { return "NAMES" }

// folders is a flag that may be given several times.
type folders []string

var errNoFolder = errors.New("must name a folder")

func (f *folders) Set(text string) error {
	if strings.TrimSpace(text) == "" {
		return errNoFolder
	}
	*f = append(*f, text)
	return nil
}

func (f *folders) String() string { return strings.Join(*f, ", ") }

func (f *folders) Type() string { return "DIR" }
