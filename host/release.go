package host

import (
	"encoding/binary"

	"github.com/qjswasm/qjswasm/callables"
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
)

const (
	// batch is how many roots or handles cross at a time, so that they fit the
	// guest's static buffer.
	batch = 1000
	// manyDead and manyReleases are the numbers of outstanding releases that are
	// not left until the outermost exit or entry.
	manyDead     = 1000
	manyReleases = 1000
)

// releaseRoots hands the queue of dropped values to the guest.
func (in *Instance) releaseRoots() error {
	defer in.own()()
	f := in.frame()
	for roots := in.Releases.Take(); len(roots) > 0; {
		n := min(len(roots), batch)
		f.Req.Reset(0)
		for _, r := range roots[:n] {
			in.Roots.Remove(r)
			if in.tracker != nil {
				in.tracker.forgetRoot(r)
			}
			f.Req.Buf = binary.LittleEndian.AppendUint32(f.Req.Buf, r.Index)
			f.Req.Buf = binary.LittleEndian.AppendUint32(f.Req.Buf, r.Generation)
		}
		roots = roots[n:]
		if err := in.writeRequest(f, &f.Req); err != nil {
			return err
		}
		if _, err := f.call(exportRootRelease, uint64(n)); err != nil {
			return err
		}
	}
	return nil
}

// ReleaseRoot gives a value's root back at once if the instance is free to be entered,
// and otherwise with the next entry.
func (in *Instance) ReleaseRoot(r gc.Root) {
	in.Releases.Push(r)
	previous, err := in.gate.enter(gateBrief)
	if err != nil {
		return
	}
	defer in.gate.leave(previous)
	if in.dead == nil && in.depth < maxDepth {
		_ = in.releaseRoots()
	}
}

// takeDead removes the callables whose functions died in the guest. Those with
// something to run are returned: user code runs when the gate is open.
func (in *Instance) takeDead() (released []func(), err error) {
	defer in.own()()
	f := in.frame()
	collect := func(c *Callable) {
		in.forget(c)
		if c.Released != nil {
			released = append(released, c.Released)
		}
	}
	// Each dead function was registered: a longer list is a cycle.
	left := in.Callables.Len()
	for in.ioUint32(abi.IODeadCount) > 0 {
		n, err := f.call(exportTakeDead, batch)
		if err != nil {
			return released, err
		}
		if uint32(n) == 0 || uint32(n) > batch || int(n) > left {
			return released, in.corrupt("dead list miscounted")
		}
		left -= int(n)
		handles, err := in.Bytes(in.ioUint32(abi.IOInPtr), 8*uint32(n))
		if err != nil {
			return released, err
		}
		gc.Dispatch(&in.Callables, handles, collect)
	}
	return released, nil
}

// settle runs at the outermost exit: afterwards the registry holds exactly what
// the guest can call.
func (in *Instance) settle() []func() {
	var released []func()
	if in.ioUint32(abi.IODeadCount) > 0 {
		released, _ = in.takeDead()
	}
	if in.dead == nil && in.Callables.Len() != in.Functions() {
		released = append(released, in.reconcile()...)
	}
	return released
}

// takeMany takes what is dead or stray if it is much.
func (in *Instance) takeMany() (released []func()) {
	if in.ioUint32(abi.IODeadCount) >= manyDead {
		released, _ = in.takeDead()
	}
	return append(released, in.reconcileMany()...)
}

// manyStray is the number of callables without a function that are not left
// until the outermost exit.
const manyStray = 1000

// reconcileMany runs before host code does, unless callables are on their way to the
// guest. A script whose memory is full could make any number of strays else.
func (in *Instance) reconcileMany() (released []func()) {
	stray := in.Callables.Len() - in.Functions() - int(in.ioUint32(abi.IODeadCount))
	if in.dead != nil || in.early > 0 || stray < max(manyStray, 2*in.ledger.strays) {
		return nil
	}
	released = in.reconcile()
	in.ledger.strays = in.Callables.Len() - in.Functions() // not 0 if there was no memory for the list
	return released
}

// reconcile drops the callables that never got a function: the guest ran out of
// memory, or the value they were part of could not be made.
func (in *Instance) reconcile() (released []func()) {
	defer in.own()()
	f := in.frame()
	if ok, err := f.call(exportListCallables); err != nil || uint32(ok) == 0 {
		return nil // without the memory for a list, the next exit tries again
	}
	tape, err := f.Tape()
	if err != nil {
		return nil
	}
	live := make(map[callables.Handle]bool, min(len(tape)/8, in.Callables.Len()))
	for ; len(tape) >= 8; tape = tape[8:] {
		h := callables.Handle(binary.LittleEndian.Uint64(tape))
		if in.Callables.Lookup(h) != nil { // the map is no larger than the registry
			live[h] = true
		}
	}
	for h, c := range in.Callables.All() {
		if live[h] {
			continue
		}
		in.Callables.Remove(h)
		in.forget(c)
		if c.Released != nil {
			released = append(released, c.Released)
		}
	}
	return released
}

// SweepRoots finds all roots that Go no longer uses, as of its last collection, for
// the next entry to release.
func (in *Instance) SweepRoots() { in.Roots.SweepAll(in.Releases.Push) }

// HoldRoot notes that a owns a root, until ReleaseRoot or until Go no longer uses
// it. While there are ones that Go no longer uses, it finds some of them.
func (in *Instance) HoldRoot(a *gc.Anchor) {
	in.Roots.Hold(a)
	if in.tracker != nil {
		in.tracker.root(a.Name(), in.entries)
	}
	if in.Roots.Unswept() {
		in.Roots.Sweep(1, in.Releases.Push)
	}
}
