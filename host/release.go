package host

import (
	"encoding/binary"
	"time"

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
	defer in.ticks.pause()()
	f := in.frame()
	for roots := in.Releases.Take(); len(roots) > 0; {
		n := min(len(roots), batch)
		f.Req.Reset(0)
		for _, r := range roots[:n] {
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

// ReleaseRoot gives a root back at once if the instance is free to be entered,
// and otherwise with the next entry.
func (in *Instance) ReleaseRoot(r gc.Root) {
	in.Releases.Push(r)
	previous, err := in.gate.enter(gateBrief)
	if err != nil {
		return
	}
	defer in.gate.leave(previous)
	if in.dead != nil || in.depth >= maxDepth {
		return
	}
	f := in.frame()
	f.deadline = in.briefDeadline()
	in.begin()
	in.depth++
	_ = in.releaseRoots()
	in.depth--
}

// briefDeadline is when what no context bounds must have ended, freeing and
// counting: much later than a guest needs that was not taken over.
func (in *Instance) briefDeadline() time.Time {
	return time.Now().Add(time.Second + time.Duration(in.mem.Size()>>20)*20*time.Millisecond)
}

// takeDead removes the callables whose functions died in the guest. Those with
// something to run are returned: user code runs when the gate is open.
func (in *Instance) takeDead() (released []*Callable, err error) {
	defer in.ticks.pause()()
	f := in.frame()
	collect := func(c *Callable) {
		if c.Released != nil {
			released = append(released, c)
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
func (in *Instance) settle() []*Callable {
	var released []*Callable
	if in.ioUint32(abi.IODeadCount) > 0 {
		released, _ = in.takeDead()
	}
	if in.dead == nil && in.Callables.Len() != in.Functions() {
		released = append(released, in.reconcile()...)
	}
	return released
}

// reconcile drops the callables that never got a function: the guest ran out of
// memory, or the value they were part of could not be made.
func (in *Instance) reconcile() (released []*Callable) {
	defer in.ticks.pause()()
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
		if h := callables.Handle(binary.LittleEndian.Uint64(tape)); in.Callables.Lookup(h) != nil {
			live[h] = true
		}
	}
	for h, c := range in.Callables.All() {
		if live[h] {
			continue
		}
		in.Callables.Remove(h)
		if c.Released != nil {
			released = append(released, c)
		}
	}
	return released
}

// CollectGuest runs the guest's cycle collector and both release queues. ctx is
// checked before, not meanwhile.
func (f *Frame) CollectGuest() error {
	in := f.in
	if err := in.releaseRoots(); err != nil {
		return err
	}
	_, err := f.free(exportRuntimeGC)
	return err
}

// Bytes and Objects are what the guest's engine has allocated, and the number of
// objects among it.
func (f *Frame) Bytes() (uint64, error) { return f.free(exportRuntimeBytes) }

// Objects: see Bytes.
func (f *Frame) Objects() (uint64, error) { return f.free(exportRuntimeObjects) }

// free is call for what the host does on its own account: it takes no fuel.
func (f *Frame) free(e Export, params ...uint64) (uint64, error) {
	defer f.in.ticks.pause()()
	return f.call(e, params...)
}
