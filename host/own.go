package host

import (
	"errors"

	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// errTooLong is why a guest is killed that keeps the host from its own work: in
// one whose memory is sound that takes a small part of the ticks.
var errTooLong = errors.New("housekeeping did not end")

// own begins work in the guest that the host does on its own account: releasing,
// counting, collecting. It takes no fuel, and the limits of the entry that it
// happens in do not apply, since most of it cannot be left half done. The caller calls
// the result when it is done.
func (in *Instance) own() (done func()) {
	if in.ticks.paused {
		return func() {}
	}
	in.ticks.pause()
	return func() {
		if in.dead == nil {
			in.ticks.resume()
		}
	}
}

// ownTicks is more than such work takes of a guest whose memory is sound: it goes
// through memory a few times. Of the time that takes, on a busy machine or with
// wazero's interpreter, nothing can be said.
func (in *Instance) ownTicks() uint64 { return 1<<26 + uint64(in.mem.Size()) }

// settleAbort frees what an abort has left: before anything else runs in the guest,
// so that whoever waits for the end of the aborted entry need not wait for that too.
func (in *Instance) settleAbort() error {
	if in.dead != nil || in.ioUint32(abi.IOUnfreed) == 0 {
		return in.dead
	}
	_, err := in.frame().free(exportAbortSettle)
	return err
}

// Bytes and Objects are what the guest's engine has allocated, and the number of
// objects among it.
func (f *Frame) Bytes() (uint64, error) { return f.free(exportRuntimeBytes) }

// Objects: see Bytes.
func (f *Frame) Objects() (uint64, error) { return f.free(exportRuntimeObjects) }

// DescribeRoot names the value of a root in a few words. Runs no guest code.
func (f *Frame) DescribeRoot(r gc.Root) (string, error) {
	if _, err := f.free(exportRootDescribe, uint64(r.Index), uint64(r.Generation)); err != nil {
		return "", err
	}
	text, err := f.Tape()
	return string(text[:min(len(text), maxDescription)]), err
}

// maxDescription bounds what the guest says in a few words, in bytes.
const maxDescription = 256

// attempt is free for work that the guest can leave half done, if it may: it does when
// the outermost entry should end, and Aborted says why.
func (f *Frame) attempt(e Export, mayLeave bool) (uint64, error) {
	in := f.in
	in.abort, in.mayStop = nil, mayLeave && in.depth == 1
	defer func() { in.mayStop = false }()
	return f.free(e)
}

// free is call for what the host does on its own account: it takes no fuel.
func (f *Frame) free(e Export, params ...uint64) (uint64, error) {
	defer f.in.own()()
	return f.call(e, params...)
}
